package io.millrace.ingress.auth;

import java.util.Arrays;
import java.util.Optional;

/** What a key may do. */
public enum Role {
    /** Submit jobs, files and batches. */
    SUBMIT("submit"),
    /** Read jobs, files, batches and results. */
    READ("read"),
    /** Read usage and cost. */
    USAGE("usage"),
    /** Keys, webhooks and APIs of its tenant. */
    TENANT_ADMIN("tenant-admin"),
    /** Everything. */
    OPERATOR("operator");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** Returns the role as it stands in the configuration. */
    public String word() {
        return word;
    }

    /** Returns the role of that name, or none. */
    public static Optional<Role> parse(String word) {
        return Arrays.stream(values()).filter(role -> role.word.equals(word)).findFirst();
    }
}
