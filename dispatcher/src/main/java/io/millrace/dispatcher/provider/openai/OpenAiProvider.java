package io.millrace.dispatcher.provider.openai;

import io.millrace.dispatcher.provider.ErrorBody;
import io.millrace.dispatcher.provider.KeySource;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.Exchange;
import io.millrace.dispatcher.provider.http.Exchange.Answered;
import io.millrace.dispatcher.provider.http.Exchange.Break;
import io.millrace.dispatcher.provider.http.Exchange.Broken;
import io.millrace.dispatcher.provider.http.Exchange.NotSent;
import io.millrace.dispatcher.provider.http.HttpCall;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.ProviderHttp;
import io.millrace.dispatcher.provider.http.RetryAfter;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A provider that speaks OpenAI's dialect. Thread-safe. */
public final class OpenAiProvider implements Provider {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAiProvider.class);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int BAD_GATEWAY = 502;

    private final String name;
    private final String baseUrl;
    private final KeyRing keys;
    private final ProviderHttp http;
    private final Failures failures;
    private final InstantSource clock;

    /**
     * @param name what the provider is called in the log
     * @param baseUrl with the version, as in {@code https://api.openai.com/v1}
     */
    public OpenAiProvider(
            String name,
            String baseUrl,
            KeySource keys,
            HttpLimits limits,
            AnswerMemory memory,
            InstantSource clock) {
        this.name = name;
        this.baseUrl = baseUrl;
        this.keys = new KeyRing(keys);
        this.http = new ProviderHttp(limits, memory, clock);
        this.failures = new Failures(this.keys::scrub);
        this.clock = clock;
    }

    @Override
    public Outcome call(ProviderCall call) {
        Optional<String> list = Endpoints.list(call.endpoint());
        if (list.isEmpty()) {
            return refused(404, "unsupported_endpoint", "the provider has no such endpoint");
        }
        Optional<byte[]> body = RequestBody.of(call.body(), call.model());
        if (body.isEmpty()) {
            return refused(400, "invalid_json", "the body is no JSON object");
        }
        Optional<String> key = keys.next(clock.instant());
        HttpCall http =
                new HttpCall(
                        Endpoints.address(baseUrl, call.endpoint()),
                        headers(call, key),
                        body.get(),
                        call.deadline());
        return outcome(call, list.get(), key, this.http.post(http));
    }

    @Override
    public void close() {
        http.close();
    }

    private static Map<String, String> headers(ProviderCall call, Optional<String> key) {
        Map<String, String> headers = new HashMap<>();
        key.ifPresent(value -> headers.put("Authorization", "Bearer " + value));
        headers.put("x-millrace-job", call.job().value());
        headers.put("x-millrace-attempt", Integer.toString(call.attempt()));
        call.traceparent().ifPresent(value -> headers.put("traceparent", value));
        return headers;
    }

    private Outcome outcome(
            ProviderCall call, String list, Optional<String> key, Exchange exchange) {
        return switch (exchange) {
            case Answered answered when answered.status() < 300 -> answer(call, list, answered);
            case Answered answered when isAboutTheKey(answered) -> keyRefused(answered, key);
            case Answered answered ->
                    failures.ofStatus(answered.status(), answered.body(), after(answered));
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
        return RetryAfter.of(answered, clock.instant());
    }

    private void warnOfUsage(ProviderCall call) {
        LOG.atWarn()
                .addKeyValue("provider", name)
                .addKeyValue("model", call.model())
                .addKeyValue("job", call.job().value())
                .addKeyValue("attempt", call.attempt())
                .log("provider stated impossible usage; it is estimated instead");
    }

    private static boolean isAboutTheKey(Answered answered) {
        return answered.status() == UNAUTHORIZED || answered.status() == FORBIDDEN;
    }

    private Outcome keyRefused(Answered answered, Optional<String> key) {
        boolean another = key.isPresent() && keys.refuse(key.get(), clock.instant());
        LOG.atWarn()
                .addKeyValue("provider", name)
                .addKeyValue("status", answered.status())
                .addKeyValue("another", another)
                .log("provider refused our API key");
        // The client's key is not to blame, so neither status nor text of the answer is passed on.
        ProviderError error =
                new ProviderError(
                        "provider_key_refused",
                        "the provider refused the API key configured for it",
                        "server_error");
        byte[] body = ErrorBody.of(error);
        return another
                ? new Retryable(BAD_GATEWAY, body, error, Optional.of(Duration.ZERO))
                : new Refused(BAD_GATEWAY, body, error, Usage.NONE);
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
