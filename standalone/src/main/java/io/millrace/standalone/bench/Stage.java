package io.millrace.standalone.bench;

import io.millrace.schemas.topic.Topic;
import io.millrace.simulatedprovider.ledger.Call;
import io.millrace.simulatedprovider.ledger.LedgerFile;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What every measurement works on.
 *
 * @param cluster the processes
 * @param floor the same broker, alone
 * @param client submits jobs
 */
record Stage(BenchPlan plan, BenchCluster cluster, Floor floor, Client client) {

    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Reads results from now on. */
    TopicTail results() {
        return new TopicTail(cluster.bootstrapServers(), Topic.RESULTS.topicName());
    }

    /** Submits on so many connections for a time, and returns once what was accepted has ended. */
    ClosedLoop accepted(int connections, Duration time) throws InterruptedException {
        try (TopicTail results = results()) {
            ClosedLoop loop =
                    ClosedLoop.lasting(
                            connections, time, n -> client.submit(n, BenchConfig.INSTANT));
            results.await(loop.calls(), PATIENCE, _ -> {});
            return loop;
        }
    }

    /** Returns the calls that ended at the provider, of those jobs, by job. */
    Map<String, Call.Finished> calls(Set<String> jobs) {
        Map<String, Call.Finished> calls = new HashMap<>();
        for (Call call : LedgerFile.calls(cluster.ledger())) {
            String job = call.started().job();
            if (job != null
                    && jobs.contains(job)
                    && call instanceof Call.Finished finished
                    && calls.put(job, finished) != null) {
                throw new BenchException("job %s was called twice".formatted(job));
            }
        }
        if (calls.size() != jobs.size()) {
            throw new BenchException(
                    "%d jobs, but %d calls in the provider's ledger"
                            .formatted(jobs.size(), calls.size()));
        }
        return calls;
    }
}
