/** A small application as users write them, under test. */
package io.drivetrain.testkitapp.shop;
