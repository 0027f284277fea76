package io.millrace.dispatcher.provider.json;

import io.millrace.dispatcher.provider.ErrorBody;
import io.millrace.dispatcher.provider.KeyRing;
import io.millrace.dispatcher.provider.KeySource;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.provider.Remaining;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.Exchange;
import io.millrace.dispatcher.provider.http.Exchange.Answered;
import io.millrace.dispatcher.provider.http.Exchange.Break;
import io.millrace.dispatcher.provider.http.Exchange.Broken;
import io.millrace.dispatcher.provider.http.Exchange.NotSent;
import io.millrace.dispatcher.provider.http.HttpCall;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.ProviderHttp;
import io.millrace.dispatcher.provider.http.RateHeaders;
import io.millrace.dispatcher.provider.http.RetryAfter;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A provider that takes and gives JSON in some dialect. Thread-safe. */
public final class JsonProvider implements Provider {

    private static final Logger LOG = LoggerFactory.getLogger(JsonProvider.class);
    private static final int TOO_MANY = 429;

    private final Dialect dialect;
    private final String name;
    private final String baseUrl;
    private final Keys keys;
    private final ProviderHttp http;
    private final Failures failures;
    private final InstantSource clock;
    private volatile Optional<Remaining> remaining = Optional.empty();

    /**
     * @param name what the provider is called in the log
     * @param baseUrl as the dialect's own SDK calls it
     */
    public JsonProvider(
            Dialect dialect,
            String name,
            String baseUrl,
            KeySource keys,
            HttpLimits limits,
            Transport transport,
            AnswerMemory memory,
            InstantSource clock) {
        this.dialect = dialect;
        this.name = name;
        this.baseUrl = baseUrl;
        this.keys = new Keys(name, new KeyRing(keys), clock);
        this.http = new ProviderHttp(limits, transport, memory, clock);
        this.failures = new Failures(this.keys::scrub);
        this.clock = clock;
    }

    @Override
    public Outcome call(ProviderCall call) {
        Optional<String> list = dialect.list(call.endpoint());
        if (list.isEmpty()) {
            return refused(404, "unsupported_endpoint", "the provider has no such endpoint");
        }
        Optional<byte[]> body = RequestBody.of(call.body(), call.model());
        if (body.isEmpty()) {
            return refused(400, "invalid_json", "the body is no JSON object");
        }
        Optional<String> key = keys.next();
        HttpCall http =
                new HttpCall(
                        dialect.address(baseUrl, call.endpoint()),
                        headers(call, key),
                        body.get(),
                        call.deadline());
        Exchange exchange = this.http.post(http);
        if (exchange instanceof Answered answered && !keys.areSeveral()) {
            remaining = RateHeaders.of(answered, clock.instant()).or(() -> remaining);
        }
        return outcome(call, list.get(), key, exchange);
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public Optional<Remaining> remaining() {
        return remaining;
    }

    private Map<String, String> headers(ProviderCall call, Optional<String> key) {
        Map<String, String> headers = new HashMap<>(dialect.headers(key));
        headers.put("x-millrace-job", call.job().value());
        headers.put("x-millrace-attempt", Integer.toString(call.attempt()));
        call.traceparent().ifPresent(value -> headers.put("traceparent", value));
        return headers;
    }

    private Outcome outcome(
            ProviderCall call, String list, Optional<String> key, Exchange exchange) {
        return switch (exchange) {
            case Answered answered when answered.status() < 300 -> {
                key.ifPresent(keys::worked);
                yield answer(call, list, answered);
            }
            case Answered answered ->
                    keys.blamed(answered, key, after(answered))
                            .orElseGet(() ->
                                    failures.ofStatus(
                                            answered.status(), answered.body(), after(answered)));
            case NotSent(String why) -> notSent(why);
            case Broken(Break kind, String why) -> unknown(kind, why);
        };
    }

    private Outcome answer(ProviderCall call, String list, Answered answered) {
        String encoding = answered.header("content-encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            return broken("the answer is compressed though that was declined");
        }
        return switch (Answer.read(answered.body(), list)) {
            case Answer.Good(var stated) -> {
                ReadUsage read =
                        ReadUsage.of(stated, call.endpoint(), call.body(), answered.body());
                if (read.isAbsurd()) {
                    warnOfUsage(call);
                }
                yield new Completed(answered.status(), answered.body(), read.usage());
            }
            case Answer.Failed(var error) ->
                    failures.inAnswer(answered.status(), error, after(answered));
            case Answer.Malformed(String why) -> broken(why);
        };
    }

    private Optional<Duration> after(Answered answered) {
        Instant now = clock.instant();
        return RetryAfter.of(answered, now)
                .or(() ->
                        answered.status() == TOO_MANY
                                ? RateHeaders.untilReset(answered, now)
                                : Optional.empty());
    }

    private void warnOfUsage(ProviderCall call) {
        LOG.atWarn()
                .addKeyValue("provider", name)
                .addKeyValue("model", call.model())
                .addKeyValue("job", call.job().value())
                .addKeyValue("attempt", call.attempt())
                .log("provider stated impossible usage; it is estimated instead");
    }

    private static Outcome notSent(String why) {
        ProviderError error = new ProviderError("provider_unreachable", why, "server_error");
        return new Retryable(0, ErrorBody.of(error), error, Optional.empty());
    }

    private static Outcome unknown(Break kind, String why) {
        return switch (kind) {
            case DEADLINE -> unknown("deadline", "the provider did not answer in time");
            case SILENCE -> unknown("deadline", "the provider fell silent");
            case INTERRUPTED -> unknown("interrupted", why);
            case CONNECTION -> broken("the connection broke before the end of the answer: " + why);
            case TOO_LARGE -> broken(why);
        };
    }

    private static Outcome broken(String why) {
        return unknown("broken_answer", why);
    }

    private static Outcome unknown(String reason, String why) {
        return new Unknown(reason, new ProviderError(reason, why, "server_error"));
    }

    private static Outcome refused(int status, String code, String message) {
        ProviderError error = new ProviderError(code, message, "invalid_request_error");
        return new Refused(status, ErrorBody.of(error), error, Usage.NONE);
    }
}
