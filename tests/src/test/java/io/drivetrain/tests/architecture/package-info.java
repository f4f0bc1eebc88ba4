/**
 * The rules of the house, checked against the compiled classes and the POMs. The drawing they
 * follow is in docs/architecture.md.
 */
package io.drivetrain.tests.architecture;
