/**
 * Which shards this node drains. {@link io.drivetrain.outbox.internal.lease.Leases} decides,
 * without thread, clock or JDBC; {@link io.drivetrain.outbox.internal.lease.LeaseKeeper} carries it
 * out.
 *
 * <pre>
 *  shard:  FREE ──claim──► MINE ──renew──► MINE ──deadline or lost──► drainer stops ──► FREE
 *                           └──surplus or stop: after the batch──► release ──► FREE
 * </pre>
 */
package io.drivetrain.outbox.internal.lease;
