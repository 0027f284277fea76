package io.millrace.standalone.assembly;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.servicekit.admin.AdminPages;
import io.millrace.servicekit.admin.AdminServer;
import io.millrace.servicekit.admin.Health;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.standalone.process.LoopbackPort;

/**
 * What the services of a process share: health, meters, pages, and the admin port that shows them.
 *
 * @param health not ready before {@link #started}
 */
record ProcessHost(
        Health health,
        PrometheusMeterRegistry meters,
        AdminPages pages,
        JvmGcMetrics collections,
        AdminServer admin)
        implements AutoCloseable {

    private static final String START = "start";

    /**
     * Opens the admin port.
     *
     * @param internal what other services show there
     */
    static ProcessHost open(LoopbackPort adminPort, InternalCredential internal) {
        Health health = new Health();
        health.add(START, () -> new Health.State.Waiting("services are being started"));
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        JvmGcMetrics collections = bindJvm(meters);
        LoopbackPort port = adminPort.number() == 0 ? adminPort : adminPort.claimed();
        AdminPages pages = new AdminPages();
        return new ProcessHost(
                health,
                meters,
                pages,
                collections,
                AdminServer.start(port.number(), health, meters, pages, internal));
    }

    /** From here on the process is as ready as its services are. */
    void started() {
        health.remove(START);
    }

    @Override
    public void close() {
        admin.close();
        collections.close();
        meters.close();
    }

    private static JvmGcMetrics bindJvm(PrometheusMeterRegistry meters) {
        new ClassLoaderMetrics().bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(meters);
        return collections;
    }
}
