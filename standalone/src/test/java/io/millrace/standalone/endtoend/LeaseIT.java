package io.millrace.standalone.endtoend;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * R7, where it is hardest: a dispatcher that was expelled wakes and reads on, and the broker is
 * stopped before it can tell it so. What it calls, others have called.
 */
@Timeout(400)
final class LeaseIT {

    private static final int ROUNDS = 2;
    private static final Duration LONGER_THAN_A_SESSION = Duration.ofSeconds(8);
    private static final Duration BROKER_STOPPED = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Cluster cluster;

    LeaseIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void expelledDispatcherCallsNothingThoughNobodyTellsIt() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess zombie = cluster.begin("dispatcher", "dispatcher-1");
        cluster.ready(ingress, zombie, cluster.begin("dispatcher", "dispatcher-2"));
        try (Arrivals arrivals = new Arrivals(cluster.topics());
                Knocking clients = new Knocking(cluster.teams(ingress))) {
            Await.until("jobs", PATIENCE, () -> clients.count(202) >= 50);
            // When
            for (int i = 1; i <= ROUNDS; i++) {
                frozen(zombie, LONGER_THAN_A_SESSION);
                LockSupport.parkNanos(Duration.ofMillis(40L * i).toNanos());
                frozen(cluster.firstBroker(), BROKER_STOPPED);
                long before = clients.count(202);
                Await.until("jobs again", PATIENCE, () -> clients.count(202) >= before + 100);
            }
            clients.end();
            // Then
            Await.until("all results", PATIENCE, () -> arrivals.haveAll(clients.accepted()));
            Ledgers.assertEachEndedOnce(cluster.topics(), clients.accepted());
            Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
        }
    }

    private static void frozen(MillraceProcess process, Duration time) {
        process.freeze();
        try {
            LockSupport.parkNanos(time.toNanos());
        } finally {
            process.thaw();
        }
    }
}
