/** Programs of these suites in a JVM of their own, which a test may kill or freeze. */
package io.drivetrain.tests.child;
