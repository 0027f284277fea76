package io.millrace.standalone.command;

import io.millrace.servicekit.admin.Health;
import io.millrace.standalone.process.Lifetime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;

/** Waits until a process that has started is ready. */
final class Readiness {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(20);

    private Readiness() {}

    /**
     * Waits until every part is ready.
     *
     * @return false when somebody asked this process to stop first
     * @throws NotReadyException when a part is broken or it takes too long
     */
    static boolean await(Health health, Lifetime lifetime) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!health.ready()) {
            if (!health.live() || Instant.now().isAfter(deadline)) {
                throw new NotReadyException(unready(health));
            }
            if (lifetime.awaitStop(LOOK)) {
                return false;
            }
        }
        return true;
    }

    private static String unready(Health health) {
        return health.states().entrySet().stream()
                .filter(part -> !(part.getValue() instanceof Health.State.Ready))
                .map(part -> part.getKey() + ": " + reason(part.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String reason(Health.State state) {
        return switch (state) {
            case Health.State.Ready() -> "ready";
            case Health.State.Waiting(String reason) -> reason;
            case Health.State.Broken(String reason) -> reason;
        };
    }
}
