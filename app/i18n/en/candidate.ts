import type { candidateTexts as chinese } from '../zh-CN/candidate.ts'

/** All that a candidate reads. State, consequence, next step; nobody is cheered or blamed. */
export const candidateTexts: Record<keyof typeof chinese, string> = {
  // Overview
  'overview.title': 'Your assessments',
  'overview.stages': 'Stages',
  'overview.window.start': 'Start before {closes} ({zone}). Once you have started, only your own time limit counts.',
  'overview.window.start_limitless': 'Start before {closes} ({zone}). Once you have started, there is no time limit.',
  'overview.window.end':
    'Everything closes at {closes} ({zone}). Whatever is not handed in by then is submitted as it stands.',
  'overview.window.by_stage':
    'Each stage closes at the time given with it. Whatever is not handed in by then is submitted as it stands.',
  'overview.window.never': 'There is no closing time for you. Each stage ends when you hand it in.',
  'overview.language': 'Language of the post',
  'overview.provisional.hiring_decision':
    'Fewer than five experts have rated the items and cut scores, so results here are not for a hiring decision.',
  'overview.provisional.credential':
    'Fewer than five experts have rated the items and cut scores, so results here are provisional.',
  'overview.none.title': 'There is no assessment here',
  'overview.none.body':
    'This session does not come from an invitation. Open the link in your invitation and your assessments are listed here.',
  'overview.practice': 'Try the practice items',
  'overview.practice.help': 'Not scored, not saved, as often as you like.',
  'stage.number': 'Stage {n}',
  'stage.kind.test': '{time}, on your own',
  'stage.kind.test.limitless': 'No time limit, on your own',
  'stage.kind.mock_scenario': 'Up to {time}, with an interviewer',
  'stage.kind.mock_scenario.limitless': 'No time limit, with an interviewer',
  'stage.kind.interview': 'Up to {time}, with an interviewer',
  'stage.kind.interview.limitless': 'No time limit, with an interviewer',
  'stage.closes': 'closes at {closes} ({zone})',
  'stage.state.locked': 'After the stage before',
  'stage.state.waiting': 'Cannot be started yet',
  'stage.state.waiting_mock': 'The interviewer arranges it',
  'stage.state.open': 'Ready to start',
  'stage.state.running': 'Running',
  'stage.state.handed_in': 'Handed in, result to come',
  'stage.state.released': 'Result released',
  'stage.state.over': 'Cannot be started any more',
  'stage.next.read': 'What to expect',
  'stage.next.start': 'Read and start',
  'stage.next.continue': 'Continue',
  'stage.next.receipt': 'Receipt',
  'stage.next.result': 'Result',
  'stage.again': '[One more attempt|{n} more attempts] left',

  // Before the start
  'before.expect': 'What to expect',
  'before.sections': '[One section|{n} sections]',
  'before.section.count': '[1 item|{n} items]',
  'before.section.limit': '{time}',
  'before.section.minimum': 'at least {time}',
  'before.section.forward': 'forward only, an item that you have left stays as it is',
  'before.section.free': 'you can go back and change answers',
  'before.time': 'Time',
  'before.time.limit': 'Your time limit',
  'before.time.no_limit': 'None',
  'before.time.if_now': 'If you start now',
  'before.time.ends': 'ends at {time} ({zone})',
  'before.time.window': 'Open',
  'before.time.window.value': '{from} to {until} ({zone})',
  'before.time.window.from': 'From {from} ({zone})',
  'before.time.window.start':
    'Only the start has to fall into this window. The end of the window does not shorten your time.',
  'before.time.window.end':
    'When the window ends, a running assessment is submitted as it stands. A late start leaves you less time.',
  'before.time.window.never': 'There is no closing time for you. You can start as late as you like and lose no time.',
  'before.time.breaks': 'Breaks',
  'before.time.breaks.value': '{time} in all',
  'before.time.breaks.how':
    'During the assessment, open “Display” and choose “Take a break now”, as often as you like. The clock stops and your end moves back until you end the break or the break time is used up.',
  'before.time.shortened': 'If you start now, the window ends before your own time does.',
  'before.time.attempts': 'Attempts',
  'before.time.attempts.value': '{left} of {max} left',
  'before.time.cooldown': 'At least {days} days between two attempts',
  'before.time.allowance':
    'At the end it is submitted as it stands. A save that arrives up to {seconds} seconds later still counts.',
  'before.time.no_pause':
    'Once started, the clock does not stop when you close the page or lose the connection; what you wrote is not lost.',
  'before.time.no_pause_but_breaks':
    'Outside your breaks the clock does not stop, even when you close the page or lose the connection; what you wrote is not lost.',
  'before.time.endless':
    'No clock ends the assessment; it ends when you hand it in. When you close the page or lose the connection, what you wrote is not lost.',
  'before.language': 'Language of the assessment',
  'before.language.switch': 'You can switch at any time; what you wrote stays.',
  'before.language.fixed': 'It cannot be changed after the start: items and rating are in this language.',
  'before.notice.version': 'Version {revision}, from {date}',
  'before.notice.retention': 'This programme keeps its data for {days} days.',
  'before.notice.acknowledge': 'I have read the notice',
  'before.notice.acknowledge.help': 'This says that you have read it. It does not consent to anything.',
  'before.notice.done': 'Read on {time}',
  'before.notice.submit': 'Confirm and continue',
  'before.notice.show': 'Read the notice again',
  'before.consents': 'For you to decide',
  'before.consents.help':
    'You may say no to each. There is an equal way without it; items, time and result stay the same.',
  'before.consents.without': 'Without it',
  'before.consents.save': 'Save choice',
  'before.accommodation': 'Accommodations',
  'before.accommodation.body':
    'Do you need more time, breaks, a screen reader, or writing in place of the phone? Ask before you start. Only you and the accommodation officer see the reason; results and certificates carry no mark of it.',
  'before.accommodation.ask': 'I need an accommodation',
  'before.accommodation.reason': 'What you need, and why',
  'before.accommodation.reason.help': 'Enough for the officer to decide; a diagnosis is not needed.',
  'before.accommodation.submit': 'Send request',
  'before.accommodation.withdraw': 'Withdraw request',
  'before.accommodation.requested':
    'You have asked. You can start once the officer has answered, or withdraw the request and start with the usual limit.',
  'before.accommodation.granted':
    'Granted. The times above already include it. If it does not fit, tell the officer before you start; until then it can be changed.',
  'before.accommodation.declined': 'Not granted. You may add to your reason and ask again.',
  'before.accommodation.withdrawn': 'You have withdrawn the request.',
  'before.accommodation.yours': 'You wrote',
  'before.accommodation.answer': 'The officer answered',
  'before.identity': 'Identity check',
  'before.identity.needed': 'Each attempt has a check of its own. Ask for it when you are with the supervisor.',
  'before.identity.ask': 'Ask for the check',
  'before.identity.waiting':
    'A supervisor has to confirm that it is you before you can start this attempt; a later attempt needs a new check. This page refreshes by itself.',
  'before.identity.confirmed':
    'A supervisor has confirmed that it is you. This holds for one attempt and is used up when it starts.',
  'before.identity.erased':
    'A supervisor has confirmed that it is you; this holds for one attempt. What was noted of your paper has been erased.',
  'before.identity.check_again': 'Look again',
  'before.connection': 'Device and connection',
  'before.connection.run': 'Check',
  'before.connection.running': 'Checking …',
  'before.connection.ok': 'About {ms} ms to the server and back. Good to go.',
  'before.connection.slow':
    'About {ms} ms to the server and back, which is slow. You can take part; saves will show a little later.',
  'before.connection.bad': 'The server cannot be reached now. Try another network, or try again later.',
  'before.connection.storage.ok': 'This browser keeps what you write while offline.',
  'before.connection.storage.bad':
    'This browser does not keep what you write while offline. Leave private browsing, or use another browser.',
  'before.connection.noscript':
    'Scripts do not run in this browser. You can take part all the same: every button saves, and the end is shown as a time.',
  'before.start': 'Start the clock and begin',
  'before.start.endless': 'Begin',
  'before.start.again': 'Start attempt {n}',
  'before.start.body': 'The clock starts as soon as you press this.',
  'before.start.body.endless': 'The assessment begins as soon as you press this.',
  'before.continue': 'Continue',
  'before.blocked': 'You cannot start yet',
  'before.mock.body':
    'An interviewer begins this stage. At the agreed time, connect the way the interviewer told you; there is nothing to press here.',
  'before.mock.state.waiting': 'The interviewer has not begun',
  'before.mock.state.running': 'It is running',
  'before.mock.state.done': 'It is done; rating and release follow',

  // Practice
  'practice.title': 'Practice',
  'practice.body':
    'Not scored and not sent to the server; what you write stays in this tab. The assessment uses the same controls.',
  'practice.done': 'Done, go back',
  'practice.item': 'Practice {n}',
  'practice.empty': 'This programme has no practice items.',

  // Receipt
  'receipt.title': 'Receipt',
  'receipt.submitted': 'Submitted',
  'receipt.time_up': 'Time was up; submitted as it stood',
  'receipt.window_closed': 'The window closed; submitted as it stood',
  'receipt.staff_closed': 'Closed by staff',
  'receipt.pending.title': 'Time is up; your answers are being collected',
  'receipt.pending.body':
    'Everything that arrived in time counts. Open this page again in a few seconds for your receipt.',
  'receipt.pending.again': 'Open again',
  'receipt.time': 'Ended at',
  'receipt.answers': 'Answers received',
  'receipt.answers.value': '{n} of {total} items',
  'receipt.answers.part': ', [one|{n}] of them in part',
  'receipt.fingerprint': 'Fingerprint of the answers',
  'receipt.fingerprint.help':
    'Computed from all your answers. Should their content ever be in doubt, it proves what you handed in.',
  'receipt.attempt': 'Attempt',
  'receipt.next': 'What happens next',
  'receipt.next.rating':
    'People rate what has to be rated. A named member of staff sees the evidence and releases the result; it then shows in your overview.',
  'receipt.next.stage': 'Next stage: {stage}',
  'receipt.next.overview': 'Back to the overview',
  'receipt.next.released': 'The result has been released.',
  'receipt.late': 'Late texts',
  'receipt.late.body':
    '[One text|{n} texts] arrived after the time allowed. Every word is kept, and staff decide on each whether it counts.',
  'receipt.late.place': 'Item {n}',
  'receipt.late.place_in': '“{section}”, item {n}',
  'receipt.late.undecided': '{item}, received {at}: not decided yet.',
  'receipt.late.counted': '{item}, received {at}: counted, as decided {decided}.',
  'receipt.late.not_counted': '{item}, received {at}: not counted, as decided {decided}.',
  'receipt.late.lapsed':
    '{item}, received {at}: nobody had decided before the result was released, so it was not counted.',
  'receipt.late.reason': 'Reason: {reason}',
  'receipt.leftover': '[One text|{n} texts] on this computer had not gone up. Handing it to staff now.',
  'receipt.leftover.done': 'The text left on this computer is now with staff.',
  'receipt.leftover.failed':
    'There is text on this computer that has not gone up. Open this page again when you are online.',
  'receipt.ledger': 'Time ledger',
  'receipt.print': 'Print receipt',

  // Time ledger
  'ledger.title': 'Time ledger',
  'ledger.zone': 'Times of day are in {zone}.',
  'ledger.worked': 'You worked for {time}.',
  'ledger.paused': 'All paused time was given back.',
  'ledger.running': 'The assessment is still running.',

  // Result
  'result.title': 'Result report',
  'result.taken': 'Taken on',
  'result.released': 'Released',
  'result.by': 'Released by',
  'result.passed': 'Pass',
  'result.not_passed': 'Not passed',
  'result.person': '{name} saw all the evidence and made this decision.',
  'result.provisional': 'The cut score is provisional: fewer than five experts have rated it.',
  'result.not_hiring': 'This result is not for a hiring decision.',
  'result.rule.cut.met': 'Total {percent}, which reaches {cut}',
  'result.rule.cut.missed': 'Total {percent}, which does not reach {cut}',
  'result.rule.near': 'The 90% interval of the total is {low}–{high}; the cut score lies in it',
  'result.rule.competency.met': '{competency} {percent}, which reaches {cut}',
  'result.rule.competency.missed': '{competency} {percent}, which does not reach {cut}',
  'result.rule.competency.few': '{competency} has only {n} items and cannot be judged by itself',
  'result.rule.critical': 'A critical requirement was not met',
  'result.rule.no_critical': 'No critical error',
  'result.profile': 'Competency profile',
  'result.profile.help':
    'The dot is the score; the line is its 90% interval, where your true level most likely lies. A hollow dot means that the interval crosses the cut score.',
  'result.profile.total': 'Total',
  'result.next': 'What happens next',
  'result.next.again': '[One more attempt|{n} more attempts], from {date}.',
  'result.next.again.now': '[One more attempt|{n} more attempts], from now on.',
  'result.next.no_more': 'There is no further attempt at this stage.',
  'result.review.until':
    'If you doubt a rating, you can ask for the reasons, or for a review by another member of staff, until {date}. A review cannot make your result worse.',
  'result.review.closed': 'The time for requests has passed ({date}).',
  'result.reasons.ask': 'Ask for the reasons',
  'result.reasons.help': 'Staff write down which parts of your answers each rating rests on.',
  'result.review.ask': 'Ask for a human review',
  'result.review.help': 'Somebody who has not rated you looks at it again.',
  'result.review.text': 'What you wish to explain',
  'result.review.submit': 'Send',
  'result.request.sent': 'Asked on {date}; an answer will follow.',
  'result.request.answered': 'Answer of {date}',
  'result.foot': 'Score computation {n}, {date}',
  'result.not_yet.title': 'The result has not been released',
  'result.not_yet.body':
    'A member of staff sees the evidence, then releases it. It will show here and in your overview.',
}
