package io.millrace.ingress.control;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits of calls, of a provider, a tenant or a key; null is no limit.
 *
 * @param requestsPerMinute requests a minute
 * @param tokensPerMinute tokens a minute
 * @param concurrency calls at the same time
 * @param queuedJobs jobs that may wait; of tenants only
 * @param queuedTokens tokens that may wait; of tenants only
 */
record Limits(
        @Nullable Long requestsPerMinute,
        @Nullable Long tokensPerMinute,
        @Nullable Long concurrency,
        @Nullable Long queuedJobs,
        @Nullable Long queuedTokens) {

    private static final long MOST = 1_000_000_000_000L;
    private static final Setting<Long> REQUESTS =
            Setting.number("requests-per-minute", "Requests a minute", 1, MOST);
    private static final Setting<Long> TOKENS =
            Setting.number("tokens-per-minute", "Tokens a minute", 1, MOST);
    private static final Setting<Long> CONCURRENCY =
            Setting.number("concurrency", "Calls at the same time", 1, 1_000_000);
    private static final Setting<Long> QUEUED_JOBS =
            Setting.number("queued-jobs", "Jobs that may wait", 1, MOST);
    private static final Setting<Long> QUEUED_TOKENS =
            Setting.number("queued-tokens", "Tokens that may wait", 1, MOST);

    private static final List<Setting<?>> OF_CALLS = List.of(REQUESTS, TOKENS, CONCURRENCY);

    /** Returns the page of limits without a queue. */
    static Reference ofCalls(String path, String doc) {
        return new Reference(path, doc, OF_CALLS);
    }

    /** Returns the page of limits with a queue. */
    static Reference ofTenants(String path, String doc) {
        List<Setting<?>> all = new ArrayList<>(OF_CALLS);
        all.add(QUEUED_JOBS);
        all.add(QUEUED_TOKENS);
        return new Reference(path, doc, all);
    }

    /** Reads a section that may have the keys of that page. */
    static Limits from(Section section, Reference page) {
        section.allow(page.keys());
        return new Limits(
                section.find(REQUESTS).orElse(null),
                section.find(TOKENS).orElse(null),
                section.find(CONCURRENCY).orElse(null),
                section.find(QUEUED_JOBS).orElse(null),
                section.find(QUEUED_TOKENS).orElse(null));
    }
}
