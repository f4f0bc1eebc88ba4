/**
 * What must hold whatever breaks: brokers and consumers killed, frozen, coming and going, under
 * load.
 *
 * <pre>
 *   Trial        one topic, members that read it, a load, and what came of it
 *   Load         sends records all the while, some of which fail a few times
 *   Worker       the application: one effect per record, in an EffectFile that outlives its process
 *   Invariants   the judge: lost, out of order, committed too early, done twice without need
 *   FaultTable   one line per trial, printed at the end
 * </pre>
 *
 * Short trials run in every build; {@code -Pfaults} runs the long ones, see docs/faults.md.
 */
package io.drivetrain.tests.faults;
