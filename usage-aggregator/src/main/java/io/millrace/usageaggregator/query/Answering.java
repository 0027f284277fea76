package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Cube;
import io.millrace.usageaggregator.usage.CubeUnavailableException;
import io.millrace.usageaggregator.usage.Instances;
import io.millrace.usageaggregator.usage.Instances.Holders;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Answers questions: from the own cells, and from those of the other instances. Thread-safe. */
final class Answering {

    private final Cube cube;
    private final Instances instances;
    private final OtherInstances others;

    Answering(Cube cube, Instances instances, OtherInstances others) {
        this.cube = cube;
        this.instances = instances;
        this.others = others;
    }

    /**
     * Returns the sums over all instances.
     *
     * @throws CubeUnavailableException when one of them cannot say
     */
    Sums whole(Question question) {
        if (question.buckets() == 0) {
            return new Sums();
        }
        Holders holders = instances.holders(question.scope());
        if (holders.others().isEmpty()) {
            return own(holders.own(), question);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Sums>> asked = new ArrayList<>();
            holders.others()
                    .forEach((instance, partitions) ->
                            asked.add(
                                    threads.submit(
                                            () -> others.ask(instance, partitions, question))));
            Sums sums = own(holders.own(), question);
            asked.forEach(answer -> sums.add(await(answer)));
            return sums;
        }
    }

    /** Returns the sums over partitions that this instance holds. */
    Sums own(Set<Integer> partitions, Question question) {
        Sums sums = new Sums();
        cube.scan(partitions, question.scope(), question.span(), cell -> sums.add(question, cell));
        return sums;
    }

    private static Sums await(Future<Sums> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new CubeUnavailableException("another instance does not say", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CubeUnavailableException("interrupted while waiting", e);
        }
    }
}
