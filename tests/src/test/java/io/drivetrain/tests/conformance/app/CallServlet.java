package io.drivetrain.tests.conformance.app;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Calls a method of a bean for a test in another process: {@code POST
 * /call?type=<interface>&method=<name and parameter types>} with a JSON array that holds each
 * argument as JSON text. Answers 200 with the result, 204 without one, or 400 with what was thrown.
 */
@WebServlet("/call")
public class CallServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** The name by which a method is called. */
  public static String nameOf(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getName)
        .collect(Collectors.joining(",", method.getName() + "(", ")"));
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    try (Jsonb jsonb = JsonbBuilder.create()) {
      String[] texts = jsonb.fromJson(request.getReader(), String[].class);
      Object result =
          call(jsonb, request.getParameter("type"), request.getParameter("method"), texts);
      if (result == null) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      } else {
        response.getWriter().write(jsonb.toJson(result));
      }
    } catch (Exception e) {
      Throwable thrown = e instanceof InvocationTargetException ? e.getCause() : e;
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      response.getWriter().write(thrown.getClass().getName() + ": " + thrown.getMessage());
    }
  }

  private static Object call(Jsonb jsonb, String type, String name, String... texts)
      throws ReflectiveOperationException {
    Class<?> bean = Class.forName(type, true, Thread.currentThread().getContextClassLoader());
    Method method =
        Arrays.stream(bean.getMethods())
            .filter(candidate -> nameOf(candidate).equals(name))
            .findFirst()
            .orElseThrow(() -> new NoSuchMethodException(type + "." + name));
    Type[] types = method.getGenericParameterTypes();
    Object[] arguments = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      arguments[i] = jsonb.fromJson(texts[i], types[i]);
    }
    return method.invoke(CDI.current().select(bean).get(), arguments);
  }
}
