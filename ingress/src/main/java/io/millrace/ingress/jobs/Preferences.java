package io.millrace.ingress.jobs;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client prefers, by RFC 7240.
 *
 * @param waiting how long it would wait for news; zero for not at all
 * @param async whether it wants to be answered before the work is done
 */
record Preferences(Duration waiting, boolean async) {

    private static final HeaderName PREFER = HeaderNames.create("Prefer");
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})");
    private static final Pattern ASYNC = Pattern.compile("(?:^|[,;\\s])respond-async(?:$|[,;\\s])");
    private static final int MOST_SECONDS = 60;

    static Preferences of(ServerRequest request) {
        return of(request.headers().first(PREFER).orElse(""));
    }

    static Preferences of(String header) {
        Matcher wait = WAIT.matcher(header);
        long seconds = wait.find() ? Math.min(MOST_SECONDS, Long.parseLong(wait.group(1))) : 0;
        return new Preferences(Duration.ofSeconds(seconds), ASYNC.matcher(header).find());
    }
}
