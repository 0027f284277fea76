package io.millrace.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.ingress.batch.BatchMeters;
import io.millrace.ingress.files.FileMeters;
import io.millrace.ingress.http.Measured;
import io.millrace.ingress.jobs.JobMeters;
import io.millrace.ingress.jobs.ViewMeters;
import io.millrace.ingress.webhook.WebhookMeters;
import io.millrace.servicekit.admin.MeterDoc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The meters of ingress: what they are called, what they mean, and how they are fed. Thread-safe.
 */
public final class IngressMeters implements Measured.Meter, JobMeters, ViewMeters {

    private static final String REQUESTS_HELP =
            "HTTP requests by template of the route, until the answer was written";
    private static final String ACCEPTED_HELP = "Jobs that were accepted and acknowledged";
    private static final String REFUSED_HELP = "Wishes that did not become a job, by error code";
    private static final String WAITING_HELP = "Requests that wait for news of a job";
    private static final String HELD_HELP = "Partitions of the job view that this process holds";
    private static final String DELAY_HELP =
            "From the writing of a record to its being applied to the job view";
    private static final String UNDECODABLE_HELP =
            "Records of jobs and results that could not be decoded and were left out of the view";

    private final MeterRegistry registry;

    /** Registers meters there as they are first used. */
    public IngressMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Returns all meters of ingress, for the reference page. */
    public static List<MeterDoc> docs() {
        List<MeterDoc> docs = new ArrayList<>();
        docs.add(
                new MeterDoc(
                        "millrace_http_requests_seconds",
                        "timer",
                        REQUESTS_HELP,
                        List.of("route", "method", "status")));
        docs.add(
                new MeterDoc(
                        "millrace_jobs_accepted_total",
                        "counter",
                        ACCEPTED_HELP,
                        List.of("synchronous")));
        docs.add(
                new MeterDoc(
                        "millrace_jobs_refused_total", "counter", REFUSED_HELP, List.of("code")));
        docs.add(new MeterDoc("millrace_view_waiting", "gauge", WAITING_HELP, List.of()));
        docs.add(new MeterDoc("millrace_view_partitions_held", "gauge", HELD_HELP, List.of()));
        docs.add(new MeterDoc("millrace_view_delay_seconds", "timer", DELAY_HELP, List.of()));
        docs.add(
                new MeterDoc(
                        "millrace_view_undecodable_total", "counter", UNDECODABLE_HELP, List.of()));
        docs.addAll(BatchMeters.DOCS);
        docs.addAll(FileMeters.DOCS);
        docs.addAll(WebhookMeters.DOCS);
        return List.copyOf(docs);
    }

    @Override
    public void record(String route, String method, int status, Duration took) {
        Timer.builder("millrace.http.requests")
                .description(REQUESTS_HELP)
                .tags("route", route, "method", method, "status", String.valueOf(status))
                .register(registry)
                .record(took);
    }

    @Override
    public void accepted(boolean synchronous) {
        Counter.builder("millrace.jobs.accepted")
                .description(ACCEPTED_HELP)
                .tag("synchronous", String.valueOf(synchronous))
                .register(registry)
                .increment();
    }

    @Override
    public void refused(String code) {
        Counter.builder("millrace.jobs.refused")
                .description(REFUSED_HELP)
                .tag("code", code)
                .register(registry)
                .increment();
    }

    @Override
    public Timer delay() {
        return Timer.builder("millrace.view.delay").description(DELAY_HELP).register(registry);
    }

    @Override
    public Counter undecodable() {
        return Counter.builder("millrace.view.undecodable")
                .description(UNDECODABLE_HELP)
                .register(registry);
    }

    @Override
    public void bind(IntSupplier waiting, IntSupplier heldPartitions) {
        Gauge.builder("millrace.view.waiting", waiting, IntSupplier::getAsInt)
                .description(WAITING_HELP)
                .strongReference(true)
                .register(registry);
        Gauge.builder("millrace.view.partitions.held", heldPartitions, IntSupplier::getAsInt)
                .description(HELD_HELP)
                .strongReference(true)
                .register(registry);
    }
}
