package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.execution.ExecutionSeam.Plant;

/** What is broken on purpose, to show that the simulation finds it. */
enum Bug {
    NONE,
    NO_LOOK_AFTER_THE_ACK,
    TRUST_WITHOUT_END,
    TRUST_EVERY_POLL,
    KEEP_A_REVOKED_SLOT,
    NO_GROUP_METADATA,
    STATE_BEFORE_OPEN_TRANSACTIONS_END(75),
    LEDGER_BEFORE_FENCING,
    FORGET_SETTLED_ABOVE_THE_FRONTIER,
    FORGET_OPEN_ABOVE_THE_FRONTIER,
    FORGET_FORMER_ATTEMPTS,
    FORGET_A_HAND_OVER,
    ADOPT_TWICE,
    CALL_BEFORE_THE_JOURNALS_ACK,
    FORGET_TO_ASK_AFTER_A_LOST_ACK,
    FORGET_THE_DRAIN,
    REFUND_TWICE,
    MOVE_OUTSIDE_THE_TRANSACTION,
    MOVE_WITHOUT_THE_ATTEMPTS,
    READ_RETRIES_FROM_THE_BEGINNING,
    ONE_RESERVATION_FOR_ALL_ATTEMPTS;

    private final long searchedFrom;

    Bug() {
        this(0);
    }

    Bug(long searchedFrom) {
        this.searchedFrom = searchedFrom;
    }

    /** Returns the seed that the search begins with: what is rare would take long from 0 on. */
    long searchedFrom() {
        return searchedFrom;
    }

    Plant plant() {
        return switch (this) {
            case NO_LOOK_AFTER_THE_ACK -> Plant.NO_LOOK_AFTER_THE_ACK;
            case REFUND_TWICE -> Plant.REFUND_TWICE;
            case ONE_RESERVATION_FOR_ALL_ATTEMPTS -> Plant.ONE_RESERVATION_FOR_ALL_ATTEMPTS;
            default -> Plant.NONE;
        };
    }
}
