package io.millrace.ingress.batch;

import io.millrace.ingress.admission.QueueQuota;
import io.millrace.ingress.admission.WebhookGate;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.files.StoredFiles;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.QueueGate;
import io.millrace.ingress.jobs.RecordKeeper;
import io.millrace.ingress.submission.Cancellation;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.kafka.Deployment;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.util.function.Supplier;

/**
 * The batch room, wired: first what extends the view, then, when there is a view, the routes.
 * Thread-safe.
 */
public final class BatchRoom implements AutoCloseable {

    private final ServiceEnvironment environment;
    private final LogWriter log;
    private final BatchMeters meters;
    private final BatchService service;
    private final Remainder remainder;
    private final BatchResults results;

    /**
     * Wires what extends the view.
     *
     * @param control tells what lines may use by their models
     * @param view the view, once it is there
     */
    public BatchRoom(
            ServiceEnvironment environment,
            Codecs codecs,
            Deployment deployment,
            LogWriter log,
            BlobStore blobs,
            BatchLimits limits,
            Supplier<Control> control,
            Supplier<JobView> view) {
        this.environment = environment;
        this.log = log;
        this.meters = new BatchMeters(environment.meters());
        this.remainder = new Remainder(blobs, limits.lineBytes());
        var kafka = environment.kafka();
        this.results =
                new BatchResults(new KafkaEndedLog(kafka, codecs, environment.process()), blobs);
        Slots slots = new Slots(kafka.config().slots());
        this.service =
                new BatchService(
                        view,
                        KafkaBatchLog.on(kafka, codecs, environment.process()),
                        new KafkaLanes(
                                deployment,
                                log,
                                slots,
                                kafka.config().replicationFactor(),
                                environment.clock()),
                        new BatchWork(
                                limits,
                                (endpoint, line) ->
                                        QueueQuota.charge(
                                                endpoint, line.body(), line.model(), control.get()),
                                line -> view.get().localResult(line),
                                blobs,
                                new Cancellation(log, slots),
                                environment.clock()),
                        meters);
    }

    /** Returns what extends the view, and carries the batches out. */
    public BatchService service() {
        return service;
    }

    /** Returns how many lines have ended of a batch that this process holds; 0 of any other. */
    public int endedLines(BatchId batch) {
        return service.progress(batch).map(Progress::ended).orElse(0);
    }

    /** Returns the routes, to be registered under {@code /v1/batches}. */
    public BatchRoutes routes(
            Authentication authentication,
            Bodies bodies,
            JobView view,
            QueueGate queue,
            StoredFiles files,
            WebhookGate webhooks,
            IdFactory ids,
            KeyedIds keyedIds,
            RecordKeeper keeper) {
        return new BatchRoutes(
                authentication,
                bodies,
                view,
                new BatchCounts(view, service::progress),
                new BatchCancels(view, service::cancel),
                new NewBatches(
                        view,
                        queue,
                        files,
                        remainder,
                        webhooks,
                        log,
                        ids,
                        keyedIds,
                        keeper,
                        meters,
                        environment.clock()),
                results);
    }

    /** Returns the routes to be registered under {@code /internal/batches}. */
    public InnerBatchRoutes innerRoutes() {
        return new InnerBatchRoutes(service::progress, service::cancel);
    }

    @Override
    public void close() {
        service.close();
    }
}
