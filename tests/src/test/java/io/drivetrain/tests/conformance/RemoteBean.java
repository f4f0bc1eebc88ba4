package io.drivetrain.tests.conformance;

import io.drivetrain.tests.conformance.app.CallServlet;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Calls a bean of an application in another process through its {@link CallServlet}. */
final class RemoteBean implements InvocationHandler {
  private static final Jsonb JSONB = JsonbBuilder.create();
  private static final List<Class<? extends RuntimeException>> KNOWN =
      List.of(IllegalArgumentException.class, IllegalStateException.class);

  private final Class<?> type;
  private final URI uri;
  private final Function<HttpRequest.Builder, HttpResponse<String>> http;

  private RemoteBean(
      Class<?> type, URI uri, Function<HttpRequest.Builder, HttpResponse<String>> http) {
    this.type = type;
    this.uri = uri;
    this.http = http;
  }

  static <T> T of(
      Class<T> type, URI uri, Function<HttpRequest.Builder, HttpResponse<String>> http) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, new RemoteBean(type, uri, http)));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) {
    if (method.getDeclaringClass() == Object.class) {
      throw new UnsupportedOperationException(method + " of a bean in another process");
    }
    Object[] given = arguments == null ? new Object[0] : arguments;
    String body = JSONB.toJson(Arrays.stream(given).map(JSONB::toJson).toArray(String[]::new));
    URI call =
        URI.create(
            uri
                + "?type="
                + encoded(type.getName())
                + "&method="
                + encoded(CallServlet.nameOf(method)));
    HttpResponse<String> answer =
        http.apply(HttpRequest.newBuilder(call).POST(HttpRequest.BodyPublishers.ofString(body)));
    return switch (answer.statusCode()) {
      case 200 -> JSONB.fromJson(answer.body(), method.getGenericReturnType());
      case 204 -> null;
      default -> throw thrown(method + " answered " + answer.statusCode(), answer.body());
    };
  }

  /** The exception the bean threw, if it is one of those that say what the caller did wrong. */
  private static RuntimeException thrown(String call, String text) {
    for (Class<? extends RuntimeException> known : KNOWN) {
      String prefix = known.getName() + ": ";
      if (text.startsWith(prefix)) {
        try {
          return known.getConstructor(String.class).newInstance(text.substring(prefix.length()));
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return new IllegalStateException(call + ": " + text);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
