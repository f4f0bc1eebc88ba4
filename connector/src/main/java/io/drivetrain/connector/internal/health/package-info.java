/**
 * How the channels stand, for MicroProfile Health: started, ready, live. A partition that pauses is
 * data in the answer, not a reason to restart or to stop sending requests.
 */
package io.drivetrain.connector.internal.health;
