package io.millrace.standalone.assembly;

import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.process.LoopbackPort;
import io.millrace.standalone.process.PortTakenException;
import java.net.BindException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The services of a process: started side by side, stopped side by side. */
final class RunningServices implements AutoCloseable {

    /**
     * A service to be started.
     *
     * @param port where it is to listen; none when it listens nowhere
     */
    record Wanted(ServiceKind kind, Optional<LoopbackPort> port) {}

    private final Collection<RunningService> services = new ConcurrentLinkedQueue<>();

    private RunningServices() {}

    /**
     * Starts them while the schema registry may still be starting; if one fails, none runs when
     * this throws.
     *
     * @throws PortTakenException when another process listens where one should
     */
    static RunningServices start(
            Ground ground, Ground.Awaited registry, ServiceStarter starter, List<Wanted> wanted)
            throws InterruptedException {
        RunningServices running = new RunningServices();
        List<Callable<Boolean>> starts =
                wanted.stream()
                        .<Callable<Boolean>>map(
                                one -> () -> running.services.add(started(ground, starter, one)))
                        .toList();
        Callable<Void> schemas =
                () -> {
                    ground.registerSchemas(registry);
                    return null;
                };
        Callable<List<Boolean>> all =
                () -> {
                    ground.ensureTopics();
                    return SideBySide.run(starts);
                };
        try {
            // the registry's own error first: services only say that they waited for it in vain
            SideBySide.run(List.of(schemas, all));
            return running;
        } catch (RuntimeException | InterruptedException e) {
            running.close();
            throw e;
        }
    }

    /** Where a service listens. */
    OptionalInt port(ServiceKind kind) {
        return services.stream()
                .filter(service -> service.kind() == kind)
                .findFirst()
                .map(RunningService::port)
                .orElse(OptionalInt.empty());
    }

    /** Stops them all, each draining in its own time. */
    @Override
    public void close() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> threads.execute(() -> close(service)));
        }
    }

    private static void close(RunningService service) {
        try (StartedParts part = new StartedParts()) {
            part.add(service.service());
        }
    }

    private static RunningService started(Ground ground, ServiceStarter starter, Wanted wanted) {
        OptionalInt port =
                wanted.port()
                        .map(LoopbackPort::number)
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty());
        try {
            return starter.start(wanted.kind(), ground.environment(wanted.kind(), port));
        } catch (RuntimeException e) {
            if (wanted.port().isPresent() && isBindFailure(e)) {
                LoopbackPort taken = wanted.port().get();
                throw new PortTakenException(taken.number(), taken.flag());
            }
            throw e;
        }
    }

    private static boolean isBindFailure(Throwable e) {
        Throwable cause = e.getCause();
        return e instanceof BindException || (cause != null && isBindFailure(cause));
    }
}
