-- The shop's own tables. Every statement may run again: each start of each node runs this.
create table if not exists shop_order (
  id       bigint generated always as identity primary key,
  customer varchar(40) not null,
  item     varchar(40) not null,
  quantity integer not null,
  amount   numeric(12, 2) not null
);
create table if not exists stock (
  item      varchar(40) primary key,
  price     numeric(12, 2) not null,
  available integer not null,
  reserved  integer not null
);
create table if not exists reservation (
  order_id bigint primary key,
  item     varchar(40) not null,
  quantity integer not null
);
create table if not exists bill (
  number   bigint generated always as identity primary key,
  order_id bigint not null unique,
  customer varchar(40) not null,
  amount   numeric(12, 2) not null
);
create table if not exists customer (
  id   varchar(40) primary key,
  name varchar(80),
  city varchar(80)
);
insert into stock (item, price, available, reserved) values
  ('bicycle', 640.00, 100, 0),
  ('helmet', 49.50, 400, 0),
  ('lamp', 24.90, 600, 0),
  ('lock', 35.00, 500, 0)
on conflict do nothing;
