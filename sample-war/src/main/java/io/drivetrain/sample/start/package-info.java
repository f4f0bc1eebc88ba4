/**
 * What the shop needs of its servers before channels poll: its tables and its topics. Both are made
 * in the background and tried again while a server is away.
 */
package io.drivetrain.sample.start;
