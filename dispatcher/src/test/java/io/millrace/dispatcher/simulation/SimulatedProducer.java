package io.millrace.dispatcher.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A transactional producer on the played cluster; its answers get lost now and then. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // one task at a time uses it
final class SimulatedProducer extends MockProducer<byte[], byte[]> {

    private final World world;
    private final Kernel kernel;
    private final String id;
    private List<ProducerRecord<byte[], byte[]>> buffered = new ArrayList<>();
    private Optional<Cluster.Transaction> transaction = Optional.empty();
    private long epoch = -1;

    SimulatedProducer(World world, String id) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.world = world;
        this.kernel = world.kernel();
        this.id = id;
    }

    @Override
    public void initTransactions() {
        kernel.step("initialises its producer");
        if (world.fails(15)) {
            throw new TimeoutException("initialisation took too long");
        }
        epoch = world.cluster().initialise(id);
        kernel.step("has a producer");
    }

    @Override
    public void beginTransaction() {
        buffered = new ArrayList<>();
        transaction = Optional.empty();
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> each) {
        buffered.add(each);
        return java.util.concurrent.CompletableFuture.completedFuture(
                new RecordMetadata(
                        new TopicPartition(each.topic(), each.partition()), 0, 0, 0, 0, 0));
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
        kernel.step("sends records and offsets");
        transaction = Optional.of(world.cluster().begin(id, epoch, List.copyOf(buffered)));
        kernel.step("has sent them");
        if (world.fails(40)) {
            throw new KafkaException("offsets refused");
        }
        if (world.bug() != Bug.NO_GROUP_METADATA && !world.accepts(metadata)) {
            throw new CommitFailedException("generation is over");
        }
    }

    @Override
    public void commitTransaction() throws ProducerFencedException {
        kernel.step("commits");
        Cluster.Transaction mine = transaction.orElseThrow();
        if (world.fails(20)) {
            lateCommit(mine);
            throw new TimeoutException("commit not answered");
        }
        world.cluster().commit(mine, epoch);
        if (mine.state() != Cluster.State.COMMITTED) {
            throw new ProducerFencedException("aborted by another");
        }
        kernel.step("has committed");
        if (world.fails(20)) {
            throw new TimeoutException("answer to the commit is lost");
        }
    }

    /** The request is on its way and may arrive, unless somebody fences it first. */
    private void lateCommit(Cluster.Transaction mine) {
        long asEpoch = epoch;
        if (kernel.oneIn(2)) {
            return;
        }
        kernel.spawn(
                world.outside(),
                "network",
                () -> {
                    kernel.sleep(kernel.between(1, 3_000));
                    try {
                        world.cluster().commit(mine, asEpoch);
                        kernel.trace("late commit of " + id + " arrives: " + mine.state());
                    } catch (ProducerFencedException e) {
                        kernel.trace("late commit of " + id + " is fenced");
                    }
                });
    }

    @Override
    public void abortTransaction() throws ProducerFencedException {
        kernel.step("aborts");
        world.cluster().abort(id, epoch);
    }

    @Override
    public void close() {}

    @Override
    public void close(Duration timeout) {}
}
