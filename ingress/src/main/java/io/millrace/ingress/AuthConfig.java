package io.millrace.ingress;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Secret;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.net.URI;
import java.util.List;

/**
 * Whose word on callers is taken, besides API keys.
 *
 * @param issuers of JSON Web Tokens; read but not used yet
 */
public record AuthConfig(List<Issuer> issuers) {

    private static final Setting<Secret> MASTER_KEY =
            Setting.secret(
                    "master-key",
                    "What services derive their credentials from; at least 32 bytes; `up` makes"
                            + " one");
    private static final Setting<String> ISSUERS =
            Setting.text("issuers", "List; see `auth.issuers[]`");

    /** The section of the reference page. */
    public static final Reference REFERENCE =
            new Reference("auth", "Who is believed.", List.of(MASTER_KEY, ISSUERS));

    /**
     * An issuer of JSON Web Tokens.
     *
     * @param issuer value of {@code iss}
     * @param audience value of {@code aud}
     * @param jwks where its keys are
     * @param tenantClaim claim that names the tenant
     * @param rolesClaim claim that names the roles
     */
    public record Issuer(
            URI issuer, String audience, URI jwks, String tenantClaim, String rolesClaim) {

        private static final Setting<URI> ISSUER = Setting.url("issuer", "Value of `iss`");
        private static final Setting<String> AUDIENCE = Setting.text("audience", "Value of `aud`");
        private static final Setting<URI> JWKS = Setting.url("jwks", "Where its keys are");
        private static final Setting<String> TENANT =
                Setting.text("tenant-claim", "Claim that names the tenant");
        private static final Setting<String> ROLES =
                Setting.text("roles-claim", "Claim that names the roles").withDefault("roles");

        /** The section of the reference page. */
        public static final Reference REFERENCE =
                new Reference(
                        "auth.issuers[]",
                        "Issuers of JSON Web Tokens. Reserved: not built yet.",
                        List.of(ISSUER, AUDIENCE, JWKS, TENANT, ROLES));

        static Issuer from(Section section) {
            section.allow(REFERENCE.keys());
            return new Issuer(
                    section.get(ISSUER),
                    section.get(AUDIENCE),
                    section.get(JWKS),
                    section.get(TENANT),
                    section.get(ROLES));
        }
    }

    public AuthConfig {
        issuers = List.copyOf(issuers);
    }

    /** Reads the section {@code auth}; the master key is the process's affair. */
    public static AuthConfig from(Section section) {
        section.allow(REFERENCE.keys());
        return new AuthConfig(section.list(ISSUERS.key()).stream().map(Issuer::from).toList());
    }
}
