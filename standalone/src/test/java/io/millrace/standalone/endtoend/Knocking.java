package io.millrace.standalone.endtoend;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Clients that submit a job again and again, whatever the answer, until it is ended. */
final class Knocking implements AutoCloseable {

    private static final int CLIENTS = 4;

    // the rate of the load, not a wait for something to happen
    private static final long PACE_NANOS = Duration.ofMillis(100).toNanos();

    /**
     * What came back.
     *
     * @param id of the job, empty unless it was accepted
     */
    record Knock(int status, Duration took, String id) {}

    private final List<Knock> knocks = new CopyOnWriteArrayList<>();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean ended;

    Knocking(List<Api> tenants) {
        for (int i = 0; i < CLIENTS; i++) {
            Api tenant = tenants.get(i % tenants.size());
            clients.execute(() -> knock(tenant));
        }
    }

    private void knock(Api tenant) {
        while (!ended) {
            long start = System.nanoTime();
            Api.Answer answer = tenant.submit("fast", "x");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            knocks.add(new Knock(answer.status(), took, answer.status() == 202 ? answer.id() : ""));
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    /** How many answers had that status so far. */
    long count(int status) {
        return knocks.stream().filter(knock -> knock.status() == status).count();
    }

    /** The jobs that were accepted. */
    List<String> accepted() {
        return knocks.stream().map(Knock::id).filter(id -> !id.isEmpty()).toList();
    }

    /** All answers. */
    List<Knock> answers() {
        return knocks;
    }

    /** Returns after the last answer. */
    void end() {
        ended = true;
        clients.close();
    }

    @Override
    public void close() {
        end();
    }
}
