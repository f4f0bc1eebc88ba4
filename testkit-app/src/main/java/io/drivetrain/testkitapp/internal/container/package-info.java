/** What a server would be: configuration, JNDI, transactions, persistence units. */
package io.drivetrain.testkitapp.internal.container;
