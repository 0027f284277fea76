/**
 * The bench room: how much the services do, beside what Kafka alone does in the same run.
 *
 * <p>Here live the processes of a benchmark, the load on them, the floor, and the figures with
 * their method.
 *
 * <p>Here may not live: anything a service needs. Broker, services and provider are processes of
 * their own and known by their doors only.
 */
@NullMarked
package io.millrace.standalone.bench;

import org.jspecify.annotations.NullMarked;
