package io.drivetrain.sample.event;

import java.math.BigDecimal;

/**
 * An order as topic {@code orders} carries it: the JSON that {@code ShopOrder} is published as.
 *
 * @param id the order's number
 * @param customer who ordered; also the record key
 * @param item what was ordered
 * @param quantity how many
 * @param amount what it costs in all
 */
public record OrderPlaced(long id, String customer, String item, int quantity, BigDecimal amount) {}
