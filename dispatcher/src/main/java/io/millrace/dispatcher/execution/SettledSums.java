package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.Account;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Spender;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.id.TenantId;

/** What a slot's ledger says was settled for one tenant. */
record SettledSums(OwnedSlot slot, TenantId owner) implements Account.Ledgers {

    @Override
    public SpendLedger tenant() {
        return slot.spend(Spender.tenant(owner));
    }

    @Override
    public SpendLedger key(String id) {
        return slot.spend(Spender.key(owner, id));
    }

    @Override
    public SpendLedger model(String name) {
        return slot.spend(Spender.model(owner, name));
    }
}
