/**
 * What the pages for operators say, checked against what the code writes, emits and understands:
 * log lines, health, metrics, manifests, images.
 */
package io.drivetrain.tests.documentation;
