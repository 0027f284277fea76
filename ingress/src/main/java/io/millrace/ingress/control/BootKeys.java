package io.millrace.ingress.control;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Keys that a command generated at the first start, with the tenants they belong to.
 *
 * <p>They are made if they are not there yet and are changed by nobody's file.
 *
 * @param keys none when the command generated none
 */
public record BootKeys(List<Key> keys) {

    /** No keys were generated. */
    public static final BootKeys NONE = new BootKeys(List.of());

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public BootKeys {
        keys = List.copyOf(keys);
    }

    /**
     * One generated key.
     *
     * @param name of the key
     * @param tenant it belongs to; empty for an operator key
     * @param secretSha256 SHA-256 of its secret in lower-case hexadecimal digits
     * @param roles what it may do
     */
    public record Key(String name, String tenant, String secretSha256, List<String> roles) {

        public Key {
            roles = List.copyOf(roles);
            if (!SHA256.matcher(secretSha256).matches()) {
                throw new IllegalArgumentException("secretSha256 must be 64 hexadecimal digits");
            }
        }

        /** Returns a tenant's key with that secret, which is not kept. */
        public static Key ofTenant(String name, String tenant, String secret) {
            return new Key(
                    name,
                    tenant,
                    KeyIds.sha256(secret),
                    List.of("submit", "read", "usage", "tenant-admin"));
        }

        /** Returns an operator's key with that secret, which is not kept. */
        public static Key ofOperator(String name, String secret) {
            return new Key(name, "", KeyIds.sha256(secret), List.of("operator"));
        }
    }
}
