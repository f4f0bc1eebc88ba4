/**
 * The shop over HTTP: orders at {@code /orders}, and under {@code /api} what the page needs, above
 * all {@link io.drivetrain.sample.web.ShopState}, the whole shop at one moment.
 */
package io.drivetrain.sample.web;
