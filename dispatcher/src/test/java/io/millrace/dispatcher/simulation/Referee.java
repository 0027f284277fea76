package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.money.Usage;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Holds everything that becomes visible, and every call, against the promise. */
final class Referee {

    private static final String SPEND = "spend/";

    /** What a tenant may at most. */
    record Limit(long concurrency, long nanoUsd, boolean atMostOnce) {}

    /** A call as the provider knows it. */
    private static final class Made {

        private final String tenant;
        private final String job;
        private final int attempt;
        private final Dispatcher by;
        private final long endsAt;
        private boolean running = true;
        private boolean resolved;
        private boolean retryable;
        private long tokens;

        Made(String tenant, String job, int attempt, Dispatcher by, long endsAt) {
            this.endsAt = endsAt;
            this.tenant = tenant;
            this.job = job;
            this.attempt = attempt;
            this.by = by;
        }
    }

    private final LongSupplier nanos;
    private final Codecs codecs;
    private final Map<String, Limit> limits;
    private final Map<String, String> accepted = new TreeMap<>();
    private final Map<String, InferenceResult> results = new HashMap<>();
    private final Map<String, UsageRecord> usage = new HashMap<>();
    private final Map<String, Long> spent = new HashMap<>();
    private final Map<String, Long> ended = new HashMap<>();
    private final Map<String, Integer> waste = new HashMap<>();
    private final Set<String> journalled = new HashSet<>();
    private final Map<String, Set<String>> inJournal = new HashMap<>();
    private final Map<String, Made> calls = new TreeMap<>();

    Referee(Codecs codecs, Map<String, Limit> limits, LongSupplier nanos) {
        this.nanos = nanos;
        this.codecs = codecs;
        this.limits = limits;
    }

    /** A promise that does not hold; an error, which nothing under test catches. */
    static final class Broken extends AssertionError {

        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }
    }

    void accepted(String job, String tenant) {
        accepted.put(job, tenant);
    }

    int open() {
        return accepted.size() - results.size();
    }

    int jobs() {
        return accepted.size();
    }

    int calls() {
        return calls.size();
    }

    int wasted() {
        return waste.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** An attempt lies in the journal, whether its process hears of it or not. */
    void liesInJournal(Dispatcher by, AttemptStarted started) {
        inJournal
                .computeIfAbsent(
                        key(started.getJobId(), started.getAttempt()), _ -> new HashSet<>())
                .add(by.name());
    }

    void journalled(Dispatcher by, AttemptStarted started) {
        journalled.add(by.name() + " " + key(started.getJobId(), started.getAttempt()));
    }

    /** A call reaches the provider in the same step as the last look at the ownership. */
    void called(Dispatcher by, String job, int attempt, Optional<String> owner, Duration took) {
        String key = key(job, attempt);
        require(journalled.contains(by.name() + " " + key), "call without journal: " + key);
        require(
                owner.isEmpty() || by.wasMember(owner.get()),
                "start without ownership: " + key + " by " + by.name() + ", owner is " + owner);
        require(!results.containsKey(job), "call for a job that has ended: " + key);
        String tenant = Optional.ofNullable(accepted.get(job)).orElse("");
        Made made = new Made(tenant, job, attempt, by, nanos.getAsLong() + took.toNanos());
        require(calls.put(key, made) == null, "attempt made twice: " + key);
        Limit limit = limit(tenant);
        long running =
                calls.values().stream()
                        .filter(each -> each.tenant.equals(tenant))
                        .filter(each -> each.endsAt > nanos.getAsLong() && !each.resolved)
                        .count();
        require(running <= limit.concurrency, "concurrency of " + tenant + " is " + running);
    }

    void answered(String job, int attempt, Outcome outcome) {
        Made made = made(job, attempt);
        made.running = false;
        made.retryable = outcome instanceof Outcome.Retryable;
        made.tokens =
                switch (outcome) {
                    case Outcome.Completed(_, _, var used) -> used.total().count();
                    case Outcome.Refused(_, _, _, var used) -> used.total().count();
                    case Outcome.Retryable _, Outcome.Unknown _ -> 0;
                };
    }

    /** Somebody has given the attempt up, so it holds nothing any more. */
    void givenUp(String job, int attempt, String reason) {
        Made made = calls.get(key(job, attempt));
        if (made != null) {
            made.resolved = true;
            require(
                    !reason.equals("process_gone") || made.by.wasGone(),
                    "given up though its process lives: " + key(job, attempt));
            require(
                    !reason.equals("deadline")
                            || made.running
                            || made.by.wasGone()
                            || made.by.wasSlow()
                            || made.retryable, // its end may not have come into the journal
                    "outcome was known, and not handed over: " + key(job, attempt));
        }
    }

    void committed(List<ProducerRecord<byte[], byte[]>> records) {
        for (ProducerRecord<byte[], byte[]> each : records) {
            if (each.topic().equals(Topic.RESULTS.topicName())) {
                result(codecs.results().decode(each.value()));
            } else if (each.topic().equals(Topic.USAGE.topicName())) {
                used(codecs.usage().decode(each.value()));
            } else if (each.topic().equals(Topic.WASTE.topicName())) {
                wasted(codecs.waste().decode(each.value()));
            }
        }
        for (ProducerRecord<byte[], byte[]> each : records) {
            // without a value: what the ledger forgets
            if (each.topic().equals(Topic.SLOT_LEDGER.topicName()) && each.value() != null) {
                ledger(
                        new String(each.key(), StandardCharsets.UTF_8),
                        codecs.slotLedger().decode(each.value()));
            }
        }
    }

    private void result(InferenceResult result) {
        String job = result.getJobId();
        require(results.put(job, result) == null, "second result of " + job);
        calls.values().stream()
                .filter(each -> each.job.equals(job))
                .forEach(each -> each.resolved = true);
    }

    private void used(UsageRecord record) {
        String tenant = record.getTenant();
        require(usage.put(record.getJobId(), record) == null, "second bill " + record.getJobId());
        ended.merge(tenant, 1L, Long::sum);
        long sum = spent.merge(tenant, record.getCostNanoUsd(), Long::sum);
        require(sum <= limit(tenant).nanoUsd, tenant + " has spent " + sum);
    }

    private void wasted(WasteRecord record) {
        String key = key(record.getJobId(), record.getAttempt());
        // an expelled process may journal an attempt by the number that its successor used
        require(
                waste.merge(key, 1, Integer::sum) <= inJournal.getOrDefault(key, Set.of()).size(),
                "wasted more often than journalled: " + key);
    }

    private void ledger(String key, LedgerEntry entry) {
        SpendLedger sums = entry.getSpend();
        String tenant = key.substring(Math.min(key.length(), SPEND.length()));
        if (sums != null && tenant.indexOf('/') < 0) {
            long jobs = Optional.ofNullable(ended.get(tenant)).orElse(0L);
            require(
                    sums.getJobs() == jobs,
                    "ledger of %s says %d jobs, the bills %d"
                            .formatted(tenant, sums.getJobs(), jobs));
        }
    }

    /** Looks at the whole when nothing moves any more. */
    void atRest() {
        accepted.forEach((job, tenant) -> {
            require(results.containsKey(job), "lost: " + job + " of " + tenant);
            require(usage.containsKey(job), "no bill: " + job);
            explained(job, limit(tenant).atMostOnce);
        });
    }

    private void explained(String job, boolean atMostOnce) {
        int carriedOut = 0;
        long unbilled = billed(job);
        for (Made each : calls.values()) {
            if (each.job.equals(job)) {
                String key = key(job, each.attempt);
                boolean told = answerOf(job).equals(key);
                boolean wasted = waste.containsKey(key);
                // what has ended early has a bill, but not the answer
                boolean paid = told || (hasEndedEarly(job) && each.tokens > 0 && !wasted);
                require(
                        paid || wasted || each.retryable,
                        "call that is in no bill and not in waste: " + key);
                unbilled -= paid ? each.tokens : 0;
                carriedOut += each.retryable ? 0 : 1;
            }
        }
        require(unbilled == 0, "bill of " + job + " is " + unbilled + " tokens too high");
        require(!atMostOnce || carriedOut <= 1, "called more than once: " + job);
    }

    private long billed(String job) {
        return Optional.ofNullable(usage.get(job))
                .map(each -> Usage.from(each.getUsage()).total().count())
                .orElse(0L);
    }

    private boolean hasEndedEarly(String job) {
        return Optional.ofNullable(results.get(job))
                .map(InferenceResult::getStatus)
                .filter(each -> each == JobStatus.CANCELLED || each == JobStatus.EXPIRED)
                .isPresent();
    }

    private String answerOf(String job) {
        return Optional.ofNullable(results.get(job))
                .flatMap(result -> Optional.ofNullable(result.getBody()))
                .flatMap(body -> Optional.ofNullable(body.getInline()))
                .map(ByteBuffer::duplicate)
                .map(body -> StandardCharsets.UTF_8.decode(body).toString())
                .orElse("");
    }

    private Made made(String job, int attempt) {
        return Optional.ofNullable(calls.get(key(job, attempt))).orElseThrow();
    }

    private Limit limit(String tenant) {
        return Optional.ofNullable(limits.get(tenant))
                .orElse(new Limit(Long.MAX_VALUE, Long.MAX_VALUE, false));
    }

    static String key(String job, int attempt) {
        return job + "/" + attempt;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Broken(otherwise);
        }
    }
}
