import type { ToolClass } from "../verdict.ts";

/** What a verb does where nothing is known of its object (`phrases.ts` has what objects change). */
export interface VerbGroup {
  readonly class: ToolClass;
  /** Whether the words are nouns as well (`order`, `build`): as part of a name they say less. */
  readonly noun: boolean;
  /** Whether they say nothing without a thing that the tables know of (`issue a refund`, `page an engineer`). */
  readonly needsThing?: boolean;
  readonly verbs: string;
}

export const VERB_GROUPS: readonly VerbGroup[] = [
  {
    class: "read",
    noun: false,
    verbs: `get list read search find query fetch retrieve show view describe inspect check verify validate
      count compare analyze analyse explain summarize summarise calculate compute browse preview
      detect extract parse convert translate transcribe identify recommend suggest discover
      enumerate scan locate poll ping whoami diff examine grep glob observe wait think reason echo
      greet see decode encode hash predict classify diagnose introspect is has does exists assess
      determine obtain return collect gather provide ls ask consult understand visualize visualise
      solve brainstorm critique proofread paraphrase investigate scrape lint tokenize geocode
      simulate expand traverse learn outline decompile disassemble cite rephrase aggregate correlate
      subtract multiply divide sum intersect calc render advise spellcheck ocr beautify prettify
      iterate inquire tell contain supply surface interpret demystify reflect ponder autocomplete
      rerank deduce recall dereference mod mul sub div sqrt pow abs factorial percent exp modulo
      lookup hget smembers lrange zrange choose explore infer match probe recalculate receive reveal
      peek assert weigh unravel grab disambiguate whois union roll minify slugify interpolate
      transliterate rasterize pluck catch spot trend crosscheck triage lemmatize stem approximate
      ascertain guess imagine interrogate interview narrate recap recite sniff sift skim scour pinpoint paginate
      tabulate expect extrapolate featurize clarify contextualize characterize differentiate factorize linearize
      quantify qualify rationalize justify theorize hypothesize strategize speculate exemplify recognize recognise
      itemize itemise stringify pluralize singularize capitalize elaborate envision depict derive deobfuscate demangle
      symbolicate symbolize healthcheck sanitycheck typecheck preflight precheck autocorrect autosuggest geolocate
      urlencode urldecode appraise vet await sleep surveil digest precompute denoise opine formulate interleave
      crossreference factcheck traceroute dryrun pick grok uncover reckon`,
  },
  {
    class: "read",
    noun: true,
    verbs: `trace profile audit debug estimate benchmark map chart plot forecast answer state snapshot monitor
      sample crawl look watch help quote score rank measure filter sort average round display review
      cat head stat tail retrieval calculation conversion validation analysis extraction translation
      comparison report aggregation transcription summarization verification inspection screenshot research
      format scanning plan dump top inventory access blame judge grade survey study quiz scout fingerprint print`,
  },
  {
    class: "write",
    noun: false,
    verbs: `create update set add write edit modify insert upsert append put save rename duplicate clone assign
      unassign attach detach unlink archive unarchive enable disable pause resume activate
      deactivate register configure upload sync synchronize connect disconnect login logout
      authenticate authorize authorise invite publish send reply respond deliver notify follow
      unfollow unpin unlike react approve reject accept decline complete close reopen unlock hide
      unhide select deselect unfocus toggle undo redo replace draw paint spawn align snap ungroup
      resize crop generate scaffold init initialize initialise bootstrap compose remember memorize
      memorise submit adopt unmount unstage tweak adjust increment decrement reorder distribute
      mirror randomize randomise arrange organize organise bind unbind define declare apply annotate
      escalate acknowledge snooze mute unmute transition migrate rebase make alter turnon turnoff
      unsubscribe untag unlabel unstar ingest reindex persist refresh setup signup optin optout join
      leave subscribe provision establish prepare refactor optimize optimise reorganize renumber
      tune recolor rotate dismiss ignore reschedule postpone extend shorten renew customize
      customise cordon uncordon taint untaint enrich finish finalize finalise broadcast tweet
      retweet unban unblock nominate bump parent unparent extrude bevel sculpt bake promote demote
      encrypt decrypt compress decompress zip unzip squash amend consolidate unfreeze freeze
      impersonate relate unrelate associate disassociate refine zoom pan orbit reposition orient
      animate keyframe undock untrack nudge remind enqueue flag unflag mark unmark rsvp
      download construct produce inject embed convene unmask tint blend clamp flip grant deny allow
      favorite unfavorite initiate begin restyle cherrypick introduce revise rewrite prepend
      assemble teach calibrate normalize normalise enforce preserve materialize materialise restore
      manage handle reword allocate export import move revert overwrite hset sadd zadd lpush rpush
      xadd incr decr teleport resolve retarget accelerate advance arm disarm backfill
      whitelist blacklist allowlist blocklist bypass categorize categorise claim collapse combine
      concatenate concat confirm curate decrease increase defer degrade deprecate elevate enlist
      enroll ensure exempt expose flatten forward fulfill inherit invert isolate keep lift lower
      maintain minimize maximize onboard override paste populate prioritize prioritise propose
      quarantine reassign reattach reconcile dedupe deduplicate recover recycle redact redirect reduce refill
      regenerate reinstate relocate repair repost restrict retract reverse sanitize seal secure
      separate shift shuffle skip substitute suspend throttle trim undelete warm wrap blur crossfade
      stitch enlarge inpaint outpaint upscale transcode vectorize suppress unsuspend unsnooze
      unpublish reprocess rewind relabel retag rekey recolour regroup embargo endorse notarize consume vacuum indent dedent dim brighten reformat resend timeout rollover relay
      protect unprotect countersign rectify amortize anonymize anonymise obfuscate
      administer attest bundle unbundle censor circulate collaborate communicate compensate
      cultivate decorate dedicate delist relist deescalate dislike divert
      downsample upsample elect enclose enrol equip etch fabricate fade favour unfold forge
      fragment fuse harden hydrate rehydrate immunize infuse instruct integrate
      lengthen localize localise manipulate mediate mitigate moderate modulate multicast multiplex negotiate
      obscure outdent unpack pardon personalize personalise unplug propagate prorate
      quantize ratify reassemble recompose reconstruct remap remix remodel remediate repack
      replicate repurpose reroute reshape restack restock restructure retain retouch retransmit revive rewire
      sharpen shrink snip soften solidify standardize straighten strengthen
      stretch stub subdivide substantiate superimpose supersede symlink tailor thicken tighten
      transmit transplant transpose twist unclaim undim unify unlist unmap unset
      unwatch unwind upcast waive warn whiten widen withhold ack nack notarise nullify
      softdelete fillet chamfer crosspost reblog autosize autofit unignore uncheck untick rejoin respell`,
  },
  {
    class: "write",
    noun: true,
    verbs: `post comment message tag label star record note schedule request reserve track draft mail
      email sms text reaction transform group checkpoint highlight color colour document capture
      upvote downvote cluster file book pattern scatter gen codegen checkin feedback design light
      template timer todo alarm reminder whisper dm place cache index split merge pull push stash
      commit mount focus share vote bookmark position patch switch lock block scale seed stage store
      backup link copy change fix dock log fork permit loan mask like pin auth oauth signin
      creation modification authentication silence alert announce boost branch
      contact flash mix name pair partition ring route slice stream cut cast loop watermark hold
      slot queue rate load style stack pack clock ship strip stamp fold plug correct smooth nest tilt rig craft polish
      tick mutate`,
  },
  {
    class: "execute",
    noun: false,
    verbs: `run execute exec start restart launch invoke deploy redeploy install reinstall rebuild recompile
      click press hover scroll navigate goto tap swipe eval evaluate dispatch boot reboot rerun
      retry rollback rollout perform reload orchestrate compile autofill doubleclick rightclick
      longpress keypress pinch drag step continue portforward wake poweron upgrade downgrade
      relaunch delegate handoff proceed transpile unpause trigger conduct automate emulate fire reconnect
      instantiate backtest retrain finetune jump seek power visit dial replay heal hibernate respawn
      kickstart hotswap failover failback fuzz daemonize quiesce requeue reexecute sideload powercycle ignite summon steer
      maneuver manoeuvre actuate dispense`,
  },
  {
    class: "execute",
    noun: true,
    verbs: `call build type play open test train fill script shell terminal bash powershell cmd repl workflow
      automation ssh subprocess command interact act process control operate navigation execution
      installation agent executor runner interpreter computer compilation`,
  },
  {
    class: "destructive",
    noun: false,
    verbs: `delete remove destroy drop truncate purge prune reset clear wipe revoke kill stop terminate
      shutdown cancel abort uninstall erase nuke flush evict discard trash empty forget decommission
      deprovision unregister deregister kick teardown rm del rmdir poweroff halt quit clean
      invalidate eradicate obliterate unload scrub deallocate disband rescind forcepush
      shred undeploy dismantle drain writeoff expunge rmi dispose interrupt reinitialize retire
      eject zap demolish discontinue eliminate annul expel undefine unprovision unsend uninvite rmtree killall
      hardreset crud raze sever dismount confiscate deindex zeroize flushall flushdb hdel lpop rpop srem zrem abandon burn dissolve hangup
      dequeue offboard deauthorize deauthorise sunset scrap unenroll deboard`,
  },
  {
    class: "destructive",
    noun: true,
    verbs: `exit end cleanup ban removal deletion revocation termination cancellation void release pop expire`,
  },
  { class: "write", noun: true, needsThing: true, verbs: "issue take bring throw page turn new" },
  {
    class: "financial",
    noun: true,
    needsThing: true,
    verbs: "lease reward",
  },
  { class: "read", noun: true, needsThing: true, verbs: "screen" },
  {
    class: "financial",
    noun: false,
    verbs: `refund pay buy purchase sell withdraw donate reimburse disburse remit liquidate borrow lend repay
      recharge topup prepay award settle debit exchange       repurchase resell wager levy`,
  },
  {
    class: "financial",
    noun: true,
    verbs: `charge transfer deposit payout swap trade stake unstake redeem tip fund bid bet order invoice
      checkout mint payment wire spend`,
  },
];
