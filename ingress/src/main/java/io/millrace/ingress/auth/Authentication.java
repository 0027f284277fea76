package io.millrace.ingress.auth;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.control.KeyIds;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.avro.KeyState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells who calls: the one function that every channel of credentials goes through.
 *
 * <p>A key is looked up by the SHA-256 of its secret, so that the time of the look-up tells nothing
 * of any secret; what is found is compared once more in constant time. Thread-safe.
 */
public final class Authentication {

    private static final HeaderName API_KEY = HeaderNames.create("X-Api-Key");
    private static final String BEARER = "Bearer ";
    private static final int MAX_SECRET = 512;

    private final Supplier<Control> control;
    private final InstantSource clock;

    /** Looks keys up in that control state. */
    public Authentication(Supplier<Control> control, InstantSource clock) {
        this.control = control;
        this.clock = clock;
    }

    /**
     * Returns who sent the request.
     *
     * @throws ApiException 401 when no known key came with it
     */
    public Caller caller(ServerRequest request) {
        return caller(
                request.headers().first(HeaderNames.AUTHORIZATION),
                request.headers().first(API_KEY));
    }

    /** Returns who showed these headers; {@code Authorization} wins. */
    @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // both headers, as the server has them
    Caller caller(Optional<String> authorization, Optional<String> apiKey) {
        String secret =
                authorization
                        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                        .map(header -> header.substring(BEARER.length()).strip())
                        .or(() -> apiKey.map(String::strip))
                        .filter(shown -> !shown.isEmpty() && shown.length() <= MAX_SECRET)
                        .orElseThrow(() ->
                                refusal(
                                        "No API key came with this request: send it as"
                                                + " Authorization: Bearer, or as X-Api-Key."));
        return known(KeyIds.sha256(secret))
                .map(Authentication::caller)
                .orElseThrow(() -> refusal("This API key is not known."));
    }

    private Optional<KeyState> known(String sha256) {
        return control.get()
                .key(sha256)
                .filter(key -> equal(key.getSecretSha256(), sha256))
                .filter(key ->
                        key.getExpiresAt() == null || key.getExpiresAt().isAfter(clock.instant()));
    }

    private static Caller caller(KeyState key) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        key.getRoles().forEach(word -> Role.parse(word).ifPresent(roles::add));
        return new Caller(key.getTenant(), key.getKeyId(), roles, List.copyOf(key.getModels()));
    }

    private static boolean equal(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static ApiException refusal(String message) {
        return new ApiException(ApiError.unauthorized(message));
    }
}
