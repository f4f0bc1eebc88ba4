package ${package}.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** HTTP begins here. */
@ApplicationPath("api")
public class ApiApplication extends Application {}
