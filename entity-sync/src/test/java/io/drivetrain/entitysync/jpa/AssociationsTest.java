package io.drivetrain.entitysync.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drivetrain.entitysync.CollectionMode;
import io.drivetrain.entitysync.EntityKey;
import io.drivetrain.entitysync.VersionGuard;
import io.drivetrain.entitysync.WriteMode;
import io.drivetrain.entitysync.shop.Author;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Associations, collections and overridden hooks, for which the provider writes anyway. */
abstract class AssociationsTest extends ConsumerTests {
  AssociationsTest(Provider provider) {
    super(provider, WriteMode.AUTO);
  }

  @Test
  void a_reference_may_be_by_another_key() {
    consume(new Contacts(), record("a@x", "{'name':'a'}"));
    Authors authors = new Authors();

    consume(
        authors,
        record("1", "{'name':'one','contact':'a@x'}"),
        record("2", "{'contact':{'email':'a@x','name':'ignored'}}"));

    assertThat(
            shop.rows("select a.id from author a join contact c on c.id = a.contact_id order by 1"))
        .extracting("id")
        .containsExactly("1", "2");
    assertThatThrownBy(() -> consume(authors, record("3", "{'contact':'z@x'}")))
        .hasMessageContaining("no Contact with email 'z@x'");
  }

  @Test
  void owned_collections_are_replaced() {
    Authors authors = new Authors();
    consume(
        authors,
        record(
            "1", "{'books':[{'isbn':1,'title':'a'},{'isbn':2,'title':'b'}],'prizes':['p','q']}"));

    consume(
        authors,
        record(
            "1", "{'name':'x','books':[{'isbn':2,'title':'b2'},{'isbn':3}],'prizes':['q','r']}"));

    assertThat(books()).containsExactly("2 b2", "3 null");
    assertThat(prizes()).containsExactly("q", "r");

    consume(authors, record("1", "{'name':'y'}"));
    assertThat(books()).hasSize(2);
    consume(authors, record("1", null));
    assertThat(books()).isEmpty();
    assertThat(prizes()).isEmpty();
  }

  @Test
  void owned_collections_are_appended_to() {
    Authors authors = new Authors();
    authors.books = CollectionMode.APPEND;
    consume(authors, record("1", "{'books':[{'isbn':1,'title':'a'}],'prizes':['p']}"));

    consume(
        authors,
        record(
            "1", "{'books':[{'isbn':1,'title':'a2'},{'isbn':2,'title':'b'}],'prizes':['p','q']}"));

    assertThat(books()).containsExactly("1 a2", "2 b");
    assertThat(prizes()).containsExactly("p", "q");
  }

  @Test
  void collections_of_embeddables_are_replaced_and_appended_to() {
    String first = "{'town':'Oslo','since':'2001-05-17','street':{'name':'Storgata','number':3}}";
    Authors authors = new Authors();
    consume(authors, record("1", "{'homes':[" + first + ",{'town':'Bergen'}]}"));
    consume(authors, record("1", "{'homes':[" + first + ",{'town':'Hamar'}]}"));
    assertThat(homes()).containsExactly("Hamar null null null", "Oslo 2001-05-17 Storgata 3");

    Authors appending = new Authors();
    appending.books = CollectionMode.APPEND;
    consume(appending, record("1", "{'homes':[" + first + ",{'town':'Moss'}]}"));
    assertThat(homes())
        .containsExactly(
            "Hamar null null null", "Moss null null null", "Oslo 2001-05-17 Storgata 3");

    assertThatThrownBy(
            () -> consume(authors, record("1", "{'homes':[{'street':{'number':'no'}}]}")))
        .hasMessageContaining("Author: homes: street: number: 'no' does not fit java.lang.Integer");
    consume(authors, record("1", null));
    assertThat(homes()).isEmpty();
  }

  @Test
  void a_soft_delete_marks_the_row_and_is_guarded_too() {
    Sync<Author> authors =
        new Sync<>() {
          @Override
          protected WriteMode writeMode() {
            return WriteMode.AUTO;
          }

          @Override
          protected VersionGuard guard() {
            return VersionGuard.drivetrainId("version");
          }

          @Override
          protected Map<String, Object> attributes(
              ConsumerRecord<byte[], byte[]> record, Map<String, Object> payload) {
            payload.put("gone", false);
            return payload;
          }

          @Override
          protected void remove(EntityManager entities, Author author) {
            author.leave();
          }
        };

    consume(authors, at(1, "1", "{'name':'one'}"));
    consume(authors, at(5, "1", null));
    consume(authors, at(4, "1", "{'name':'four'}"));
    assertThat(authorRows()).containsExactly("1 one true");

    consume(authors, at(6, "1", "{'name':'six'}"));
    assertThat(authorRows()).containsExactly("1 six false");
  }

  @Test
  void find_and_assign_key_may_be_the_applications() {
    Sync<Author> authors =
        new Sync<>() {
          @Override
          protected WriteMode writeMode() {
            return WriteMode.AUTO;
          }

          @Override
          protected Author find(
              EntityManager entities, EntityKey key, Map<String, Object> payload) {
            return entities.find(Author.class, "no. " + key.decoded());
          }

          @Override
          protected void assignKey(Author author, EntityKey key, Map<String, Object> payload) {
            author.id = "no. " + key.decoded();
          }
        };

    consume(authors, record("1", "{'name':'a'}"), record("2", "{'name':'b'}"));
    consume(authors, record("1", "{'name':'a2'}"), record("2", null));

    assertThat(authorRows()).containsExactly("no. 1 a2 false");
  }

  private List<String> authorRows() {
    return shop.rows("select id, name, gone from author order by id").stream()
        .map(row -> row.get("id") + " " + row.get("name") + " " + row.get("gone"))
        .toList();
  }

  private List<String> books() {
    return shop.rows("select isbn, title from book order by isbn").stream()
        .map(row -> row.get("isbn") + " " + row.get("title"))
        .toList();
  }

  private List<String> homes() {
    return shop.rows("select town, since, name, number from author_homes order by town").stream()
        .map(
            row ->
                row.get("town")
                    + " "
                    + row.get("since")
                    + " "
                    + row.get("name")
                    + " "
                    + row.get("number"))
        .toList();
  }

  private List<String> prizes() {
    return shop.rows("select prizes from author_prizes order by 1").stream()
        .map(row -> String.valueOf(row.get("prizes")))
        .toList();
  }
}
