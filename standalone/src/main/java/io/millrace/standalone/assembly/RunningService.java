package io.millrace.standalone.assembly;

import java.util.OptionalInt;

/**
 * A service that runs in this process.
 *
 * @param port where it listens on 127.0.0.1; none when it does not
 * @param service stops, and drains, when closed
 */
public record RunningService(ServiceKind kind, OptionalInt port, AutoCloseable service) {}
