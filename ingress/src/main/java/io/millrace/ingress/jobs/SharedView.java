package io.millrace.ingress.jobs;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.ViewPartition;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The whole view: this process's own part, and those of the others by asking them. */
final class SharedView implements JobView {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final HeldPartitions held;
    private final LocalView local;
    private final Peers peers;
    private final ViewWire wire;
    private final Slots partitions;
    private final InstantSource clock;
    private final RandomGenerator random;

    SharedView(
            HeldPartitions held,
            LocalView local,
            Peers peers,
            ViewWire wire,
            Slots partitions,
            InstantSource clock,
            RandomGenerator random) {
        this.held = held;
        this.local = local;
        this.peers = peers;
        this.wire = wire;
        this.partitions = partitions;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Optional<JobsRecord> record(String id) {
        return partition(id).flatMap(partition -> find(partition, id).record());
    }

    @Override
    public Optional<InferenceResult> result(JobId id) {
        return job(id).result();
    }

    @Override
    public Sighting job(JobId id) {
        return partition(id.value())
                .map(partition -> find(partition, id.value()))
                .orElse(Sighting.NOTHING);
    }

    @Override
    public Optional<InferenceResult> awaitResult(JobId id, Duration atMost) {
        Optional<ViewPartition> partition = partition(id.value());
        if (partition.isEmpty()) {
            return Optional.empty();
        }
        Instant giveUp = clock.instant().plus(atMost);
        while (true) {
            Duration left = Duration.between(clock.instant(), giveUp);
            Duration rest = left.isNegative() ? AT_ONCE : left;
            try {
                return await(partition.get(), id.value(), rest);
            } catch (UnavailableException e) {
                // a partition that moves comes back within the wait, or the wait ends
                if (rest.compareTo(Duration.ofMillis(200)) <= 0
                        || !local.awaitMove(id.value(), LOOK_AGAIN)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public boolean awaitGone(JobId id, Duration atMost) {
        Optional<ViewPartition> partition = partition(id.value());
        if (partition.isEmpty()) {
            return true;
        }
        if (held.find(partition.get()).isPresent()) {
            return local.awaitGone(partition.get(), id.value(), atMost);
        }
        String path = "%s/%s?gone=%d".formatted(ViewRoutes.ONE, id, atMost.toMillis());
        return peers.askOwner(partition.get(), path, atMost).isEmpty();
    }

    @Override
    public List<Listed> list(ListQuery query) {
        Optional<String> afterKey =
                query.after().isEmpty() ? Optional.empty() : Optional.of(cursor(query));
        List<Listed> all = new ArrayList<>(local.list(query, afterKey));
        String path =
                ViewRoutes.LIST
                        + "?tenant=%s&kind=%s&limit=%d&ascending=%s&key=%s"
                                .formatted(
                                        query.tenant(),
                                        query.kind(),
                                        query.limit(),
                                        query.ascending(),
                                        encoded(afterKey.orElse("")))
                        + only(query.only());
        peers.askOthers(path).forEach(answer -> all.addAll(wire.entries(answer)));
        return ListOrder.page(all, query);
    }

    @Override
    public Set<ViewPartition> ownedPartitions() {
        return held.numbers();
    }

    @Override
    public ViewPartition anyOwned() {
        List<ViewPartition> owned = List.copyOf(held.numbers());
        // with more ingresses than partitions some hold none: any will do, its owner is asked
        return owned.isEmpty()
                ? new ViewPartition(random.nextInt(partitions.count()))
                : owned.get(random.nextInt(owned.size()));
    }

    @Override
    public Optional<JobsRecord> localRecord(String id) {
        return partition(id).flatMap(partition -> local.record(partition, id));
    }

    @Override
    public Optional<InferenceResult> localResult(JobId id) {
        return partition(id.value()).flatMap(partition -> local.result(partition, id.value()));
    }

    @Override
    public Optional<byte[]> askOwner(ViewPartition partition, String pathAndQuery) {
        return peers.askOwner(partition, pathAndQuery, AT_ONCE);
    }

    @Override
    public Optional<byte[]> tellOwner(ViewPartition partition, String path) {
        return peers.tellOwner(partition, path, LogWriter.PATIENCE);
    }

    private Optional<InferenceResult> await(ViewPartition partition, String id, Duration atMost) {
        if (held.find(partition).isPresent()) {
            return local.awaitResult(partition, id, atMost).result();
        }
        return peers.askOwner(
                        partition,
                        "%s/%s?wait=%d".formatted(ViewRoutes.ONE, id, atMost.toMillis()),
                        atMost)
                .flatMap(bytes -> wire.sighting(bytes).result());
    }

    private Sighting find(ViewPartition partition, String id) {
        if (held.find(partition).isPresent()) {
            return local.find(partition, id);
        }
        return peers.askOwner(partition, ViewRoutes.ONE + "/" + id, AT_ONCE)
                .map(wire::sighting)
                .orElse(Sighting.NOTHING);
    }

    // An id may name a partition that this cluster does not have: then nothing can be there.
    private Optional<ViewPartition> partition(String id) {
        return ViewIds.partition(id).filter(partition -> partition.number() < partitions.count());
    }

    private String cursor(ListQuery query) {
        return record(query.after())
                .flatMap(record -> IndexKey.of(query.after(), record))
                .filter(key ->
                        key.kind() == query.kind() && key.tenant().equals(query.tenant().value()))
                .map(IndexKey::text)
                .orElseThrow(() ->
                        new ApiException(
                                ApiError.invalid(
                                        "invalid_value",
                                        "after names nothing that could be listed.",
                                        "after")));
    }

    private static String only(Set<String> only) {
        StringBuilder query = new StringBuilder();
        only.forEach(word -> query.append("&only=").append(encoded(word)));
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
