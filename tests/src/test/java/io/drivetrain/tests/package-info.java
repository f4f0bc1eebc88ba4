/** Suites that cross modules, each in a package of its own. */
package io.drivetrain.tests;
