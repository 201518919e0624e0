// Generated from the OpenAPI document of the API, and not edited:
// SWITCHHOOK_WRITE=1 node --import ./test/runner/load-typescript.mjs test/adapters/http/api-types.test.ts

/** What the API sends and answers. */
export interface components {
    schemas: {
        readonly Appliance: {
            readonly name: string;
            readonly site: string;
            readonly version: string;
            readonly lastSeen: string;
            readonly live: boolean;
            readonly networks: readonly string[];
        };
        readonly Attention: {
            readonly mac: string;
            readonly network: string;
            readonly at: string;
            readonly event: string;
            readonly message: string;
        };
        readonly Conversion: {
            readonly mac: string;
            readonly from: string | null;
            readonly to: string;
            readonly path: "cautious" | "direct";
            readonly acceptOneWay: boolean;
            readonly restart: "auto" | "manual";
            readonly state: "waiting" | "running" | "confirmed" | "stalled" | "cancelled";
            readonly step: number;
            readonly steps: readonly components["schemas"]["ConversionStep"][];
            readonly refused: readonly components["schemas"]["RefusedStep"][];
            readonly diagnosis: components["schemas"]["Diagnosis"];
            readonly evidence: readonly components["schemas"]["Evidence"][];
            readonly confirmedBy: "registration" | "phone-answer" | "application-files" | "second-boot" | "quiet" | null;
            readonly atThePhone: readonly string[];
            readonly warnings: readonly string[];
            readonly rollback?: components["schemas"]["Rollback"];
            readonly startedAt: string;
            readonly updatedAt: string;
            readonly revision: number;
        };
        readonly ConversionBody: {
            readonly to: string;
            readonly from?: string | null;
            readonly path?: "cautious" | "direct";
            readonly acceptOneWay?: boolean;
            readonly acceptFrom?: boolean;
            readonly restart?: "auto" | "manual";
        };
        readonly ConversionStep: {
            readonly load: string;
            readonly method: "os79xx" | "image_version" | "xml" | "ual";
            readonly oneWay: boolean;
            readonly why: string;
            readonly source: string;
            readonly stage: "waiting" | "booting" | "fetching" | "flashing" | "rebooting" | "confirmed" | "stalled";
            readonly stageSince: string;
            readonly progress: {
                readonly file: string;
                readonly bytes: number;
                readonly of: number;
            } | null;
        };
        readonly Diagnosis: {
            readonly code: string;
            readonly seen: string;
            readonly cause: string;
            readonly remedy: string;
            readonly source: string;
        } | null;
        readonly Event: {
            readonly id: number;
            readonly site?: string;
            readonly appliance?: string;
            readonly at: string;
            readonly event: string;
            readonly mac: string | null;
            readonly network: string | null;
            readonly level: "debug" | "info" | "warn" | "error" | "fatal";
            readonly text: string;
            readonly fields: {
                readonly [key: string]: unknown;
            };
        };
        readonly EventPage: {
            readonly events: readonly components["schemas"]["Event"][];
            readonly next: number | string;
            readonly oldest: number;
            readonly partial?: boolean;
        };
        readonly Evidence: {
            readonly at: string;
            readonly kind: "registration" | "phone-answer" | "application-files" | "second-boot" | "quiet";
            readonly detail: string;
        };
        readonly Firmware: {
            readonly load: string;
            readonly protocol: "sip" | "sccp";
            readonly loader: string | null;
            readonly files: readonly components["schemas"]["FirmwareFile"][];
            readonly synthetic: boolean;
            readonly addedAt: string;
        };
        readonly FirmwareFile: {
            readonly name: string;
            readonly bytes: number;
            readonly sha256: string;
        };
        readonly HealthProblem: {
            readonly name: string;
            readonly where: string;
            readonly message: string;
        };
        readonly ImportReport: {
            readonly dryRun: boolean;
            readonly created: number;
            readonly changed: number;
            readonly unchanged: number;
            readonly conversions: number;
            readonly phones: readonly components["schemas"]["ImportedPhone"][];
        };
        readonly ImportedConversion: {
            readonly to: string;
            readonly outcome: "starts" | "started" | "unchanged" | "refused";
            readonly message?: string;
        };
        readonly ImportedPhone: {
            readonly row: number;
            readonly mac: string;
            readonly outcome: "created" | "changed" | "unchanged";
            readonly fields: readonly string[];
            readonly conversion?: components["schemas"]["ImportedConversion"];
        };
        readonly Lease: {
            readonly network: string;
            readonly address: string;
            readonly mac: string | null;
            readonly client: string;
            readonly state: "bound" | "expired" | "released" | "declined";
            readonly stored: boolean;
            readonly grantedAt: string;
            readonly expiresAt: string | null;
            readonly vendorClass: string;
            readonly hostName: string;
            readonly relayAgent: string;
        };
        readonly ListedPhone: {
            readonly mac: string;
            readonly model: "7940" | "7960" | null;
            readonly label: string | null;
            readonly network: string | null;
            readonly profile: string | null;
            readonly address: string | null;
            readonly trustAddress: boolean;
            readonly switchPort: string | null;
            readonly lines: readonly components["schemas"]["PhoneLine"][];
            readonly settings: {
                readonly [key: string]: string;
            };
            readonly secretSettings: readonly string[];
            readonly registration: components["schemas"]["Registration"];
            readonly seen: components["schemas"]["Seen"];
            readonly revision: number;
            readonly conversion?: components["schemas"]["Conversion"];
        };
        readonly Network: {
            readonly name: string;
            readonly vlan: number | null;
            readonly interface: string | null;
            readonly relayed: boolean;
            readonly address: string;
            readonly subnet: string;
            readonly pool: readonly string[];
            readonly router: readonly string[];
            readonly dns: readonly string[];
            readonly domain: string | null;
            readonly tftpServerName: string;
            readonly tftpServers: readonly string[];
            readonly peers: readonly string[];
            readonly leaseSeconds: number;
            readonly maxLeaseSeconds: number;
            readonly admit: "enrolled" | "phones" | "anyone";
            readonly identify: "hardware" | "address";
            readonly onRogueServer: "warn" | "refuse";
            readonly autoEnrol: string | null;
            readonly leases: "here" | "shared";
            readonly owner: string | null;
            readonly served: boolean;
            readonly notServedBecause: string | null;
            readonly use: {
                readonly size: number;
                readonly bound: number;
                readonly offered: number;
                readonly declined: number;
                readonly free: number;
                readonly boundOutside: number;
            };
            readonly counters: {
                readonly [key: string]: number;
            };
            readonly otherServers: readonly {
                readonly address: string;
                readonly mac?: string | null;
                readonly firstSeenAt?: string;
                readonly lastSeenAt?: string;
            }[];
        };
        readonly NewToken: {
            readonly name: string;
            readonly role: "read" | "operator";
            readonly createdAt: string;
            readonly lastUsedAt: string | null;
            readonly token: string;
        };
        readonly NotReady: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            readonly detail: string;
            readonly instance: string;
            readonly reason?: string;
            readonly methods?: readonly {
                readonly method: string;
                readonly reason: string | null;
            }[];
            readonly retryAfter?: number;
            readonly problems: readonly {
                readonly name: string;
                readonly where: string;
                readonly message: string;
                readonly path: string;
            }[];
            readonly checks: readonly {
                readonly name: string;
                readonly ok: boolean;
                readonly detail: string;
            }[];
        };
        readonly Phone: {
            readonly mac: string;
            readonly model: "7940" | "7960" | null;
            readonly label: string | null;
            readonly network: string | null;
            readonly profile: string | null;
            readonly address: string | null;
            readonly trustAddress: boolean;
            readonly switchPort: string | null;
            readonly lines: readonly components["schemas"]["PhoneLine"][];
            readonly settings: {
                readonly [key: string]: string;
            };
            readonly secretSettings: readonly string[];
            readonly registration: components["schemas"]["Registration"];
            readonly seen: components["schemas"]["Seen"];
            readonly revision: number;
        };
        readonly PhoneBody: {
            readonly mac?: string;
            readonly revision?: number;
            readonly model?: "7940" | "7960" | null;
            readonly label?: string | null;
            readonly network?: string | null;
            readonly profile?: string | null;
            readonly address?: string | null;
            readonly trustAddress?: boolean | null;
            readonly switchPort?: string | null;
            readonly secretSettings?: readonly string[];
            readonly registration?: unknown;
            readonly seen?: unknown;
            readonly lines?: readonly components["schemas"]["PhoneLineBody"][];
            readonly settings?: {
                readonly [key: string]: string;
            };
        };
        readonly PhoneCounts: {
            readonly enrolled: number;
            readonly total: number;
            readonly none: number;
            readonly waiting: number;
            readonly running: number;
            readonly stalled: number;
            readonly confirmed: number;
            readonly cancelled: number;
        };
        readonly PhoneLine: {
            readonly name: string;
            readonly authName?: string;
            readonly hasPassword: boolean;
            readonly displayName?: string;
            readonly shortName?: string;
            readonly contact?: string;
        };
        readonly PhoneLineBody: {
            readonly name: string;
            readonly authName?: string;
            readonly password?: string | null;
            readonly hasPassword?: boolean;
            readonly displayName?: string;
            readonly shortName?: string;
            readonly contact?: string;
        };
        readonly PhoneListEntry: {
            readonly mac: string;
            readonly revision?: number;
            readonly model?: "7940" | "7960" | null;
            readonly label?: string | null;
            readonly network?: string | null;
            readonly profile?: string | null;
            readonly address?: string | null;
            readonly trustAddress?: boolean | null;
            readonly switchPort?: string | null;
            readonly secretSettings?: readonly string[];
            readonly registration?: unknown;
            readonly seen?: unknown;
            readonly lines?: readonly components["schemas"]["PhoneLineBody"][] | null;
            readonly settings?: {
                readonly [key: string]: string | null;
            } | null;
            readonly to?: string | null;
            readonly from?: string | null;
        };
        readonly PhonePatchBody: {
            readonly mac?: string;
            readonly revision?: number;
            readonly model?: "7940" | "7960" | null;
            readonly label?: string | null;
            readonly network?: string | null;
            readonly profile?: string | null;
            readonly address?: string | null;
            readonly trustAddress?: boolean | null;
            readonly switchPort?: string | null;
            readonly secretSettings?: readonly string[];
            readonly registration?: unknown;
            readonly seen?: unknown;
            readonly lines?: readonly components["schemas"]["PhoneLineBody"][] | null;
            readonly settings?: {
                readonly [key: string]: string | null;
            } | null;
        };
        readonly PhoneReport: {
            readonly mac: string;
            readonly serial: string | null;
            readonly model: "7940" | "7960" | null;
            readonly label: string | null;
            readonly network: string | null;
            readonly profile: string | null;
            readonly seen: {
                readonly load: string | null;
                readonly protocol: string | null;
                readonly at: string;
                readonly by: "lease" | "vendor-class" | "requested-files" | "registration" | "web-page" | "options";
            } | null;
            readonly conversion: {
                readonly from: string | null;
                readonly to: string;
                readonly state: "waiting" | "running" | "confirmed" | "stalled" | "cancelled";
                readonly confirmedBy: "registration" | "phone-answer" | "application-files" | "second-boot" | "quiet" | null;
                readonly evidence: readonly {
                    readonly at: string;
                    readonly kind: "registration" | "phone-answer" | "application-files" | "second-boot" | "quiet";
                    readonly detail: string;
                }[];
                readonly diagnosis: {
                    readonly code: string;
                    readonly seen: string;
                } | null;
                readonly steps: readonly {
                    readonly load: string;
                    readonly method: string;
                    readonly oneWay: boolean;
                    readonly stage: string;
                }[];
                readonly startedAt: string;
                readonly endedAt: string | null;
                readonly startedBy: components["schemas"]["StartedBy"];
            } | null;
            readonly fetched: readonly {
                readonly name: string;
                readonly bytes: number;
                readonly sha256: string | null;
                readonly at: string;
            }[];
            readonly firmware: readonly {
                readonly load: string;
                readonly files: readonly {
                    readonly name: string;
                    readonly bytes: number;
                    readonly sha256: string;
                }[];
            }[];
            readonly writtenAt: string;
            readonly version: string;
        };
        readonly Plan: {
            readonly steps: readonly components["schemas"]["PlanStep"][];
            readonly oneWay: boolean;
            readonly missingFirmware: readonly string[];
            readonly warnings: readonly string[];
        };
        readonly PlanBody: {
            readonly model?: "7940" | "7960" | null;
            readonly from?: string | null;
            readonly to: string;
            readonly path?: "cautious" | "direct";
            readonly mac?: string;
        };
        readonly PlanStep: {
            readonly load: string;
            readonly method: "os79xx" | "image_version" | "xml" | "ual";
            readonly oneWay: boolean;
            readonly why: string;
            readonly source: string;
            readonly synthetic: boolean;
        };
        readonly PoolUseHistory: {
            readonly everySeconds: number;
            readonly until: string;
            readonly taken: readonly number[];
        };
        readonly Problem: {
            readonly type: string;
            readonly title: string;
            readonly status: number;
            readonly detail: string;
            readonly instance: string;
            readonly reason?: string;
            readonly methods?: readonly {
                readonly method: string;
                readonly reason: string | null;
            }[];
            readonly retryAfter?: number;
            readonly problems?: readonly {
                readonly path?: string;
                readonly message?: string;
                readonly row?: number;
                readonly column?: string;
                readonly file?: string;
                readonly fault?: string;
            }[];
        };
        readonly Profile: {
            readonly name: string;
            readonly protocol: "sip" | "sccp";
            readonly load: string;
            readonly sip: {
                readonly [key: string]: string;
            };
            readonly secretSettings: readonly string[];
            readonly sccp: {
                readonly callManagers: readonly string[];
            };
            readonly revision: number;
        };
        readonly ProfileBody: {
            readonly name?: string;
            readonly revision?: number;
            readonly protocol: "sip" | "sccp";
            readonly load: string;
            readonly sip?: {
                readonly [key: string]: string;
            };
            readonly secretSettings?: readonly string[];
            readonly sccp?: {
                readonly callManagers?: readonly string[];
            };
        };
        readonly Ready: {
            readonly status: "ready";
            readonly checks: readonly {
                readonly name: string;
                readonly ok: boolean;
                readonly detail: string;
            }[];
            readonly problems: readonly components["schemas"]["HealthProblem"][];
            readonly warnings: readonly string[];
            readonly ownership?: "owner" | "standby";
        };
        readonly RefusedStep: {
            readonly from: string | null;
            readonly to: string;
        };
        readonly Registration: {
            readonly protocol: "sip" | "sccp";
            readonly version: string | null;
            readonly load: string | null;
            readonly userAgent: string | null;
            readonly address: string;
            readonly registeredAt: string;
            readonly expiresAt: string;
            readonly lastReset: string | null;
            readonly lastResetCode: number | null;
        } | null;
        readonly Reload: {
            readonly applied: boolean;
            readonly restartNeeded: readonly string[];
            readonly warnings: readonly {
                readonly path: string;
                readonly message: string;
            }[];
        };
        readonly ReportedRolloutPhone: {
            readonly mac: string;
            readonly serial: string | null;
            readonly model: "7940" | "7960" | null;
            readonly label: string | null;
            readonly isCanary: boolean;
            readonly state: string;
            readonly reason: string | null;
            readonly from: string | null;
            readonly confirmedBy: "registration" | "phone-answer" | "application-files" | "second-boot" | "quiet" | null;
            readonly evidence: readonly {
                readonly at: string;
                readonly kind: "registration" | "phone-answer" | "application-files" | "second-boot" | "quiet";
                readonly detail: string;
            }[];
            readonly startedAt: string | null;
            readonly endedAt: string | null;
        };
        readonly Restart: {
            readonly method: "sccp" | "notify" | "telnet" | "poe" | "command";
        };
        readonly RestartBody: {
            readonly method?: "sccp" | "notify" | "telnet" | "poe" | "command";
        };
        readonly Rollback: {
            readonly to: string;
            readonly possible: boolean;
            readonly reason: string | null;
        } | null;
        readonly Rollout: {
            readonly id: string;
            readonly to: string;
            readonly from: string | null;
            readonly path: "cautious" | "direct";
            readonly acceptOneWay: boolean;
            readonly canaries: number;
            readonly waveSize: number;
            readonly stopAfter: number;
            readonly onStop: "finish" | "cancel";
            readonly appearWithin: number | null;
            readonly onAbsent: "fail" | "skip";
            readonly state: "running" | "paused" | "stopped" | "finished";
            readonly stage: "canaries" | "waves";
            readonly reason: string | null;
            readonly counts: components["schemas"]["RolloutCounts"];
            readonly startedAt: string;
            readonly updatedAt: string;
            readonly revision: number;
            readonly phones: readonly components["schemas"]["RolloutPhone"][];
        };
        readonly RolloutBody: {
            readonly phones: readonly string[];
            readonly to: string;
            readonly from?: string | null;
            readonly path?: "cautious" | "direct";
            readonly acceptOneWay?: boolean;
            readonly canaries?: number;
            readonly waveSize?: number;
            readonly stopAfter?: number;
            readonly onStop?: "finish" | "cancel";
            readonly appearWithin?: number | null;
            readonly onAbsent?: "fail" | "skip";
        };
        readonly RolloutCounts: {
            readonly total: number;
            readonly pending: number;
            readonly underWay: number;
            readonly confirmed: number;
            readonly failed: number;
            readonly absent: number;
            readonly cancelled: number;
            readonly skipped: number;
        };
        readonly RolloutPatchBody: {
            readonly state: "running" | "paused" | "stopped";
            readonly onStop?: "finish" | "cancel";
        };
        readonly RolloutPhone: {
            readonly mac: string;
            readonly isCanary: boolean;
            readonly state: "pending" | "skipped" | "waiting" | "running" | "confirmed" | "stalled" | "cancelled" | "absent" | "refused";
            readonly reason: string | null;
            readonly startedAt: string | null;
            readonly endedAt: string | null;
        };
        readonly RolloutReport: {
            readonly id: string;
            readonly to: string;
            readonly from: string | null;
            readonly state: "running" | "paused" | "stopped" | "finished";
            readonly reason: string | null;
            readonly startedAt: string;
            readonly endedAt: string | null;
            readonly startedBy: components["schemas"]["StartedBy"];
            readonly phones: readonly components["schemas"]["ReportedRolloutPhone"][];
            readonly firmware: readonly {
                readonly load: string;
                readonly files: readonly {
                    readonly name: string;
                    readonly bytes: number;
                    readonly sha256: string;
                }[];
            }[];
            readonly writtenAt: string;
            readonly version: string;
        };
        readonly RolloutSummary: {
            readonly id: string;
            readonly to: string;
            readonly from: string | null;
            readonly path: "cautious" | "direct";
            readonly acceptOneWay: boolean;
            readonly canaries: number;
            readonly waveSize: number;
            readonly stopAfter: number;
            readonly onStop: "finish" | "cancel";
            readonly appearWithin: number | null;
            readonly onAbsent: "fail" | "skip";
            readonly state: "running" | "paused" | "stopped" | "finished";
            readonly stage: "canaries" | "waves";
            readonly reason: string | null;
            readonly counts: components["schemas"]["RolloutCounts"];
            readonly startedAt: string;
            readonly updatedAt: string;
            readonly revision: number;
        };
        readonly Seen: {
            readonly load: string | null;
            readonly protocol: "sccp" | "sip" | "mgcp" | null;
            readonly at: string;
            readonly by: "lease" | "vendor-class" | "requested-files" | "registration" | "web-page" | "options";
        } | null;
        readonly SharedFile: {
            readonly name: string;
            readonly bytes: number;
            readonly sha256: string;
            readonly addedAt: string;
        };
        readonly StartedBy: {
            readonly how: "operator" | "rollout" | "import" | "automatic-enrolment";
            readonly by: string | null;
            readonly address: string | null;
            readonly rollout: string | null;
        } | null;
        readonly Status: {
            readonly version: string;
            readonly ready: boolean;
            readonly problems: readonly components["schemas"]["HealthProblem"][];
            readonly uptimeSeconds: number;
            readonly models: readonly string[];
            readonly phoneSpeed: number;
            readonly rehearsal: boolean;
            readonly networks: readonly {
                readonly name: string;
                readonly served: boolean;
                readonly notServedBecause: string | null;
            }[];
            readonly attention: readonly components["schemas"]["Attention"][];
            readonly phones: number;
            readonly conversions: {
                readonly [key: string]: number;
            };
        };
        readonly Survey: {
            readonly id: string;
            readonly state: "running" | "done" | "failed";
            readonly total: number;
            readonly done: number;
            readonly phones: readonly components["schemas"]["SurveyedPhone"][];
        };
        readonly SurveyBody: {
            readonly network?: string | null;
            readonly addresses?: readonly string[] | null;
        };
        readonly SurveyedPhone: {
            readonly mac: string | null;
            readonly address: string;
            readonly model: string | null;
            readonly protocol: "sccp" | "sip" | "mgcp" | null;
            readonly load: string | null;
            readonly serial: string | null;
            readonly by: "lease" | "vendor-class" | "requested-files" | "registration" | "web-page" | "options" | null;
            readonly enrolled: boolean;
        };
        readonly TakenFirmware: {
            readonly load: string;
            readonly protocol: "sip" | "sccp";
            readonly loader: string | null;
            readonly files: readonly components["schemas"]["FirmwareFile"][];
            readonly synthetic: boolean;
            readonly addedAt: string;
            readonly outcome: "created" | "replaced" | "unchanged";
            readonly ignored: readonly {
                readonly file: string;
                readonly why: string;
            }[];
        };
        readonly TimelineEntry: {
            readonly at: string;
            readonly site?: string;
            readonly appliance?: string;
            readonly source: "dhcp" | "tftp" | "conversion" | "operator";
            readonly event: string;
            readonly text: string;
            readonly fields: {
                readonly [key: string]: unknown;
            };
        };
        readonly Token: {
            readonly name: string;
            readonly role: "read" | "operator";
            readonly createdAt: string;
            readonly lastUsedAt: string | null;
        };
        readonly UnknownDevice: {
            readonly mac: string;
            readonly network: string | null;
            readonly vendorClass: string;
            readonly hostName: string;
            readonly firstSeen: string;
            readonly lastSeen: string;
            readonly count: number;
            readonly reason: "not-enrolled" | "not-a-phone" | "no-scope" | "unknown-link" | "pool-exhausted" | "all-in-use" | "enrolment-failed";
        };
        readonly ViewedFile: {
            readonly name: string;
            readonly bytes: number;
            readonly sha256: string;
            readonly origin: "step" | "generated" | "firmware" | "shared";
        };
        readonly Webhook: {
            readonly id: string;
            readonly url: string;
            readonly events: readonly string[];
            readonly createdAt: string;
            readonly delivery: {
                readonly state: "idle" | "sending" | "failing";
                readonly waiting: number;
                readonly delivered: number;
                readonly dropped: number;
                readonly lastDeliveredAt: string | null;
                readonly lastFailure: {
                    readonly at: string;
                    readonly why: string;
                } | null;
                readonly nextAttemptAt: string | null;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}

/** The same by name: Schemas['Phone'] is a phone. */
export type Schemas = components['schemas']
