/**
 * Applications in Java SE for the suites: Weld and SmallRye Reactive Messaging, booted per test
 * with chosen beans and a configuration of their own.
 */
package io.drivetrain.tests.weld;
