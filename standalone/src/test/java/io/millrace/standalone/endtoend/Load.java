package io.millrace.standalone.endtoend;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Jobs for every tenant in turn, a job of each model at a time, until it is ended. */
final class Load implements AutoCloseable {

    // the rate of the load, not a wait for something to happen
    private static final long PACE_NANOS = Duration.ofMillis(60).toNanos();

    private record Sent(String model, String job) {}

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final Thread thread;

    Load(List<Api> tenants, List<String> models) {
        this.thread = Thread.ofVirtual().start(() -> submit(tenants, models));
    }

    private void submit(List<Api> tenants, List<String> models) {
        for (int i = 0; running.get(); i++) {
            Api tenant = tenants.get(i % tenants.size());
            for (String model : models) {
                sent.add(new Sent(model, tenant.submit(model, "n" + i).id()));
            }
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    /** The jobs of a model that were accepted so far. */
    List<String> jobs(String model) {
        return sent.stream().filter(each -> each.model().equals(model)).map(Sent::job).toList();
    }

    /** All jobs that were accepted so far. */
    List<String> jobs() {
        return sent.stream().map(Sent::job).toList();
    }

    /** Returns after the last job was accepted. */
    void end() {
        running.set(false);
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        end();
    }
}
