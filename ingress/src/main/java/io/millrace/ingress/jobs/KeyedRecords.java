package io.millrace.ingress.jobs;

import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.Inputs;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.ingress.submission.RecordLog;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.AvroCodec;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Keeps keyed records of batches and files: at the owner of their view partition, here or
 * elsewhere. Thread-safe.
 */
public final class KeyedRecords implements ViewExtension, RecordKeeper {

    /** The path of its inner route. */
    public static final String PATH = "/internal/records";

    private final KeyView view;
    private final RecordLog.Opener opener;
    private final Peers peers;
    private final AvroCodec<JobsRecord> codec;
    private final Map<ViewPartition, RecordOwner> owners = new ConcurrentHashMap<>();

    KeyedRecords(KeyView view, RecordLog.Opener opener, Peers peers, AvroCodec<JobsRecord> codec) {
        this.view = view;
        this.opener = opener;
        this.peers = peers;
        this.codec = codec;
    }

    @Override
    public JobsRecord keep(ViewPartition partition, String id, JobsRecord record) {
        RecordOwner owner = owners.get(partition);
        if (owner != null) {
            return owner.keep(id, record);
        }
        HttpResponse<byte[]> answer =
                peers.send(
                        partition,
                        PATH + "?id=" + id,
                        Map.of(),
                        codec.encode(record),
                        LogWriter.PATIENCE);
        if (answer.statusCode() != 200) {
            throw moving();
        }
        return codec.decode(answer.body());
    }

    /** Returns the inner route by which other ingresses have records kept; nothing is forwarded. */
    public HttpService innerRoutes(Bodies bodies) {
        return rules -> rules.post("/", (request, answer) -> keep(bodies, request, answer));
    }

    private void keep(Bodies bodies, ServerRequest request, ServerResponse answer) {
        String id = Inputs.text(request, "id").orElse("");
        ViewPartition partition =
                BatchId.parse(id)
                        .map(BatchId::viewPartition)
                        .or(() -> FileId.parse(id).map(FileId::viewPartition))
                        .orElseThrow(KeyedRecords::unknown);
        RecordOwner owner = owners.get(partition);
        if (owner == null) {
            throw moving();
        }
        JobsRecord kept = owner.keep(id, codec.decode(bodies.read(request)));
        Answers.bytes(answer, 200, codec.encode(kept));
    }

    @Override
    public Set<StoreBuilder<KeyValueStore<String, byte[]>>> stores() {
        return Set.of();
    }

    @Override
    public Follower follow(ViewPartition partition, Stores stores) {
        RecordOwner owner = new RecordOwner(partition, view, opener);
        owners.put(partition, owner);
        return new Following(partition, owner);
    }

    private static UnavailableException moving() {
        return new UnavailableException(
                "This part of the job view is moving.", Duration.ofSeconds(1));
    }

    private static ApiException unknown() {
        return new ApiException(ApiError.notFound("not_found", "There is no such id."));
    }

    /** One holding of one partition. */
    private final class Following implements Follower {

        private final ViewPartition partition;
        private final RecordOwner owner;

        Following(ViewPartition partition, RecordOwner owner) {
            this.partition = partition;
            this.owner = owner;
        }

        @Override
        public void accepted(String id, JobsRecord record) {
            owner.applied(id);
        }

        @Override
        public void forgotten(String id) {
            owner.applied(id);
        }

        @Override
        public void ended(JobId id, InferenceResult result) {
            // batches and files have no result
        }

        @Override
        public void close() {
            owners.remove(partition, owner);
            owner.stop();
        }
    }
}
