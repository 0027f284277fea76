package io.millrace.simulatedprovider.behaviour;

import java.util.Locale;

/** What is done to an answer. */
public sealed interface Fault {

    /** Nothing: the answer is good. */
    record None() implements Fault {}

    /** An error status with the body its dialect gives it. */
    record ErrorStatus(int status, RetryAfter retryAfter) implements Fault {
        public ErrorStatus {
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status must be 400 to 599, but was " + status);
            }
        }
    }

    /** No answer until the client leaves. */
    record Hang() implements Fault {}

    /** Half of the body, then no more until the client leaves. */
    record Stall() implements Fault {}

    /** The end of the connection in place of an answer. */
    record Closed() implements Fault {}

    /** An answer with a head that no provider should send. */
    record WrongHead(HeadFault how) implements Fault {}

    /** A whole answer that is not what an answer should be. */
    record WrongBody(BodyFault how) implements Fault {}

    /** The body comes one byte at a time. */
    record Drip() implements Fault {}

    /** Half of the body, then the end of the connection. */
    record Truncated() implements Fault {}

    /** A whole body that is no JSON; of a stream, one event. */
    record Malformed() implements Fault {}

    /** A body of 1 GiB of JSON. */
    record Huge() implements Fault {}

    /** 1 GiB of JSON, gzipped to about a megabyte, whether or not the client takes gzip. */
    record GzipBomb() implements Fault {}

    /** The connection is reset before any answer. */
    record Reset() implements Fault {}

    /** 307 to another path of this provider, where the ledger shows who followed. */
    record Redirect() implements Fault {}

    /** Status 200 with the body of an error. */
    record ErrorIn200() implements Fault {}

    /** A good answer but for its usage. */
    record WrongUsage(UsageClaim claim) implements Fault {}

    /** Its word in model names, which stands in the ledger too. */
    default String word() {
        return switch (this) {
            case None() -> "none";
            case ErrorStatus(int status, _) -> Integer.toString(status);
            case Hang() -> "hang";
            case Stall() -> "stall";
            case Closed() -> "closed";
            case WrongHead(HeadFault how) -> "head-" + how.name().toLowerCase(Locale.ROOT);
            case WrongBody(BodyFault how) -> "body-" + how.name().toLowerCase(Locale.ROOT);
            case Drip() -> "drip";
            case Truncated() -> "truncated";
            case Malformed() -> "malformed";
            case Huge() -> "huge";
            case GzipBomb() -> "gzipbomb";
            case Reset() -> "reset";
            case Redirect() -> "redirect";
            case ErrorIn200() -> "200-error";
            case WrongUsage(UsageClaim claim) -> "usage-" + claim.name().toLowerCase(Locale.ROOT);
        };
    }

    /**
     * Whether the call is billed: all but those that are refused in so many words. A caller that
     * leaves early, or cannot read the answer, pays for it.
     */
    default boolean isBilled() {
        return switch (this) {
            case ErrorStatus _, Redirect _, ErrorIn200 _ -> false;
            case None _, Hang _, Drip _, Truncated _, Malformed _ -> true;
            case Huge _, GzipBomb _, Reset _, WrongUsage _ -> true;
            case Stall _, Closed _, WrongHead _, WrongBody _ -> true;
        };
    }
}
