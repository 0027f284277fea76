package io.millrace.ingress.webhook;

import io.millrace.ingress.admission.WebhookGate;
import io.millrace.ingress.admission.WebhookWish;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.TenantId;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges what clients say of webhooks: addresses, types and secrets. Thread-safe.
 *
 * <p>The name in a wish is not looked up, for jobs are many and DNS is slow: it is judged by its
 * text now, and by what it leads to when it is dialled.
 */
final class WishCheck implements WebhookGate {

    private static final Logger LOG = LoggerFactory.getLogger(WishCheck.class);

    private final AddressRule rule;
    private final Resolver resolver;
    private final SecretVault vault;

    WishCheck(AddressRule rule, Resolver resolver, SecretVault vault) {
        this.rule = rule;
        this.resolver = resolver;
        this.vault = vault;
    }

    @Override
    public WebhookTarget admit(TenantId tenant, WebhookWish wish) {
        var _ = url(wish.url(), "webhook.url");
        types(wish.events(), "webhook.events");
        String secret = wish.secret();
        return WebhookTarget.newBuilder()
                .setUrl(wish.url())
                .setEvents(wish.events())
                .setSealedSecret(secret == null ? null : sealed(tenant, secret))
                .build();
    }

    /**
     * Judges the address of an endpoint, by what its name leads to as well.
     *
     * @throws ApiException 400 that names the field
     */
    void endpoint(String text, String param) {
        URI url = url(text, param);
        try {
            boolean allowed =
                    resolver.resolve(AddressRule.host(url)).stream()
                            .allMatch(address -> rule.allows(address, url));
            if (!allowed) {
                throw wrong("%s %s.".formatted(param, AddressRule.notPublic()), param);
            }
        } catch (UnknownHostException _) {
            // it may be there when the first event is sent, and is judged again then
            LOG.atDebug().log("the host of an endpoint is not known to DNS");
        }
    }

    /**
     * Judges types of events.
     *
     * @throws ApiException 400 that names the field
     */
    static void types(List<String> types, String param) {
        for (String type : types) {
            if (EventType.parse(type).isEmpty()) {
                throw wrong(
                        "%s must be of %s.".formatted(param, String.join(", ", EventType.words())),
                        param);
            }
        }
    }

    private URI url(String text, String param) {
        return switch (rule.judge(text)) {
            case AddressRule.Verdict.Allowed(URI url) -> url;
            case AddressRule.Verdict.Refused(String why) ->
                    throw wrong("%s %s.".formatted(param, why), param);
        };
    }

    private ByteBuffer sealed(TenantId tenant, String secret) {
        return ByteBuffer.wrap(
                vault.seal(
                        tenant,
                        SigningSecret.parse(secret)
                                .orElseThrow(() ->
                                        wrong(
                                                "webhook.secret must be whsec_ and 24 to 64 bytes"
                                                        + " in base64.",
                                                "webhook.secret"))));
    }

    private static ApiException wrong(String message, String param) {
        return new ApiException(ApiError.invalid("invalid_value", message, param));
    }
}
