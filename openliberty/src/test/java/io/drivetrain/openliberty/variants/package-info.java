/** Classes that tests put into copies of the shop's WAR; nothing else uses them. */
package io.drivetrain.openliberty.variants;
