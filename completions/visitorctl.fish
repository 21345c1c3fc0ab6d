# fish completion of visitorctl, made by 'visitorctl completion fish'.

# What can follow the commands $argv[1]: fails where there is no such command.
function __visitorctl_at --no-scope-shadowing
  set children
  set options
  set arguments
  switch $argv[1]
    case ''
      set children \
        'init	Make what is missing: configuration, state, database, first site' \
        'status	Show the state of the house in numbers' \
        'health	Say in one line, as monitoring plugins do, whether all is well' \
        'doctor	Say on one page what is wrong, why, and which command mends it' \
        'inside	List who is in the building and what shows it, the longest first' \
        'muster	Print the roll call for an evacuation, also without the database' \
        'watch	Show each change in the house as it is committed, and what was missed meanwhile' \
        'visit	Register visits, check guests in and out' \
        'guest	Keep guests, and what terminals know them by' \
        'badge	Print badges, and see what they are worth' \
        'host	Keep the employees who receive guests' \
        'department	Keep departments' \
        'site	Keep sites and their time zones' \
        'terminal	Keep and test terminals' \
        'door	Say which way doors lead' \
        'event	See what terminals reported' \
        'incident	See and settle incidents' \
        'alert	See who was told what, and see to it that everybody is' \
        'job	See and run what visitord does by itself' \
        'rules	See what becomes an incident, and say otherwise for one site' \
        'why	Show why something is believed' \
        'audit	See who did what, and whether the record of it is whole' \
        'export	Write reports as files: spreadsheets, PDF, CSV, JSON, web pages' \
        'report	Reports that are made by themselves and handed in' \
        'backup	Make, check and restore backups' \
        'resume	Let a restored database work again: poll terminals, send alerts, run jobs' \
        'user	Keep the accounts of people' \
        'role	Say who may do what, and where' \
        'group	Keep groups of users, for routes of alerts to name' \
        'totp	Keep the authenticators of accounts' \
        'apikey	Keep the keys of scripts' \
        'breakglass	Make an administrator in an emergency' \
        'config	See and check the configuration' \
        'db	See and serve the database' \
        'api	Send a request to the REST API, of this machine or another' \
        'explain	Explain a problem that the REST API answered with' \
        'help	Explain a command' \
        'man	Print the manual pages, which are made from what the programs know' \
        'completion	Print what completes the words of visitorctl in a shell'
    case ' init'
      set options \
        '--site	.	Make this site, unless there is one of that name' \
        '--time-zone	@ZONE	Of the site, as in tzdata: Europe/Berlin, Asia/Almaty' \
        '--country-code	.	Of the site: completes telephone numbers that are given without one' \
        '-n		Only say what is missing' \
        '--dry-run		Only say what is missing'
    case ' status'
    case ' health'
    case ' doctor'
      set options \
        '--bundle	/	Also write a support file that tells nothing of persons and places'
    case ' inside'
      set options \
        '--site	@SITE	Only this site, by name or number' \
        '--at	.	Who was inside at this moment, by the stored events and actions' \
        '--presumed		Also who left by presumption only, within the 24 h before'
    case ' muster'
      set options \
        '--site	@SITE	Only this site, by name or number' \
        '--language	=en,ru	Of the printed list' \
        '--pages		In pages of 60 lines with a heading each, ready for a printer or a PDF' \
        '--snapshot		Use the last snapshot without asking the database'
    case ' watch'
      set options \
        '--topic	.	Only changes of this: visit, incident, terminal, guest, …' \
        '--since	.	Begin with the change after this one, or with a time' \
        '--once		End when all that is there has been shown'
    case ' visit'
      set children \
        'create	Register a visit, or those of a delegation' \
        'list	List visits, the latest expected first' \
        'show	Show a visit and what people did to it' \
        'history	Show every step of a visit: who did what and when, and what doors saw' \
        'edit	Change what was planned of a visit that has not ended' \
        'checkin	Check a guest in now' \
        'checkout	Check a guest out now' \
        'cancel	Call off a visit that has not begun; this cannot be undone' \
        'reopen	Take back a mistaken check-out, cancellation or no-show'
    case ' visit create'
      set options \
        '--guest	@GUEST	Number, or the exact name where only one guest has it' \
        '--new-guest	.	A guest who is not known yet; added together with the visit' \
        '--group	/	A delegation: one visit for each line of this CSV table' \
        '--host	@HOST	Whom the guest comes to see, by name or number' \
        '--department	@DEPARTMENT	By name or number; without it the host'\''s' \
        '--site	@SITE	By name or number; without it the department'\''s, else the only one' \
        '--from	.	When the guest is expected' \
        '--until	.	When the guest is expected to have left' \
        '--purpose	=BUSINESS_MEETING,PERSONAL_MEETING,INTERVIEW,NEGOTIATION,SEMINAR_EVENT,SERVICE_MAINTENANCE,COLLABORATION,FILMING,AUDIT_INSPECTION,STUDENT_ADMISSION,DOCUMENTS,OTHER	Why the guest comes' \
        '--purpose-text	.	The purpose in words' \
        '--type	=guest,student,contractor,delivery	What kind of visit it is' \
        '--contact-phone	.	Whom to ring about the visit; the site'\''s country code completes a local number' \
        '--consent		The guest agrees to the processing of personal data: recorded with now' \
        '--company	.	Where the guest comes from' \
        '--email	.	E-mail address' \
        '--phone	.	Telephone number; the site'\''s country code completes a local one' \
        '--employee-no	.	Number that terminals know the guest by' \
        '--card	.	Card number; leading zeros count' \
        '--document-file	/	File with the number of a document in its first line; '\''-'\'' is standard input' \
        '--ask-document		Ask for the number of a document, without showing it' \
        '--allow-same-contact		Also where another guest has the same e-mail address or phone' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
    case ' visit list'
      set options \
        '--status	=AWAITING,CHECKED_IN,CHECKED_OUT,CANCELLED,NO_SHOW	Only with this status' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--host	@HOST	Only this host, by name or number' \
        '--guest	@GUEST	Only this guest, by name or number' \
        '--since	.	Only what was expected at this time or later' \
        '--until	.	Only what was expected before this time' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '.'
    case ' visit show'
      set arguments \
        '@VISIT'
    case ' visit history'
      set arguments \
        '@VISIT'
    case ' visit edit'
      set options \
        '--host	@HOST	Whom the guest comes to see, by name or number' \
        '--department	@DEPARTMENT	By name or number; without --host, of no host' \
        '--from	.	When the guest is expected' \
        '--until	.	When the guest is expected to have left' \
        '--purpose	=BUSINESS_MEETING,PERSONAL_MEETING,INTERVIEW,NEGOTIATION,SEMINAR_EVENT,SERVICE_MAINTENANCE,COLLABORATION,FILMING,AUDIT_INSPECTION,STUDENT_ADMISSION,DOCUMENTS,OTHER	Why the guest comes' \
        '--purpose-text	.	The purpose in words' \
        '--type	=guest,student,contractor,delivery	What kind of visit it is' \
        '--contact-phone	.	Whom to ring about the visit; the site'\''s country code completes a local number' \
        '--consent		The guest agrees to the processing of personal data: recorded with now' \
        '--no-consent		There is no such consent, or it was taken back' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@VISIT'
    case ' visit checkin'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@VISIT'
    case ' visit checkout'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@VISIT'
    case ' visit cancel'
      set options \
        '--reason	.	Why' \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@VISIT'
    case ' visit reopen'
      set options \
        '--reason	.	Why' \
        '--from	.	When the guest is expected now' \
        '--until	.	When the guest is expected to have left now' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@VISIT'
    case ' guest'
      set children \
        'add	Add a guest' \
        'list	List guests by name' \
        'search	Find guests by whatever is known of them' \
        'show	Show a guest and what terminals know the guest by' \
        'document	Show the whole number of a guest'\''s document; that you looked is on record' \
        'edit	Change a guest' \
        'block	Say that a guest must not be registered any more' \
        'unblock	Let a guest who was blocked be registered again' \
        'merge	Say that two guests are one person; this cannot be undone' \
        'remove	Remove a guest that nothing refers to; this cannot be undone' \
        'photo	Keep the photos of guests' \
        'credential	Keep the numbers that terminals know guests by'
    case ' guest add'
      set options \
        '--company	.	Where the guest comes from' \
        '--email	.	E-mail address' \
        '--phone	.	Telephone number; the site'\''s country code completes a local one' \
        '--employee-no	.	Number that terminals know the guest by' \
        '--card	.	Card number; leading zeros count' \
        '--document-file	/	File with the number of a document in its first line; '\''-'\'' is standard input' \
        '--ask-document		Ask for the number of a document, without showing it' \
        '--allow-same-contact		Also where another guest has the same e-mail address or phone' \
        '--site	@SITE	Whose country code completes the phone, by name or number' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' guest list'
      set options \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '.'
    case ' guest search'
      set options \
        '--document-file	/	File with the number of a document in its first line; '\''-'\'' is standard input' \
        '--ask-document		Ask for the number of a document, without showing it' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '.'
    case ' guest show'
      set arguments \
        '@GUEST'
    case ' guest document'
      set arguments \
        '@GUEST'
    case ' guest edit'
      set options \
        '--name	.	Name' \
        '--company	.	Where the guest comes from' \
        '--email	.	E-mail address' \
        '--phone	.	Telephone number; the site'\''s country code completes a local one' \
        '--document-file	/	File with the number of a document in its first line; '\''-'\'' is standard input' \
        '--ask-document		Ask for the number of a document, without showing it' \
        '--no-document		Forget the document' \
        '--allow-same-contact		Also where another guest has the same e-mail address or phone' \
        '--site	@SITE	Whose country code completes the phone, by name or number' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@GUEST'
    case ' guest block'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@GUEST' \
        '.'
    case ' guest unblock'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@GUEST'
    case ' guest merge'
      set options \
        '--drop-document		Where both have a document, forget that of FROM' \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.' \
        '.'
    case ' guest remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@GUEST'
    case ' guest photo'
      set children \
        'set	Store the photo of a guest in place of the one that is there' \
        'show	Write the photo of a guest to a file or to standard output' \
        'remove	Remove the photo of a guest; this cannot be undone'
    case ' guest photo set'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@GUEST' \
        '/'
    case ' guest photo show'
      set options \
        '-o	/	Where to write it, readable by you alone' \
        '--output	/	Where to write it, readable by you alone'
      set arguments \
        '@GUEST'
    case ' guest photo remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@GUEST'
    case ' guest credential'
      set children \
        'add	Say by which number terminals know a guest'
    case ' guest credential add'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@GUEST' \
        '=employee_no,card' \
        '.'
    case ' badge'
      set children \
        'print	Print a badge for a visit, or write it to a file' \
        'list	List badges that were printed, the newest first' \
        'verify	Say what a badge is worth, by the token in its QR code' \
        'key	Print the public key that badges are checked with' \
        'template	Print the built-in template of badges, or check one'
    case ' badge print'
      set options \
        '--to	/	A queue of CUPS; a file, if it has a slash or ends with .pdf, .png or .zpl; or - for standard output' \
        '--format	=pdf,png,zpl	What to print as' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@VISIT'
    case ' badge list'
      set options \
        '--visit	@VISIT	Only of this visit' \
        '--state	=queued,sent,completed,failed	Only in this state; may be given again' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' badge verify'
      set options \
        '--public-key	.	Check with the key that '\''badge key'\'' has printed, and nothing else'
      set arguments \
        '.'
    case ' badge key'
    case ' badge template'
      set options \
        '--language	=en,ru	Of the built-in one'
      set arguments \
        '/'
    case ' host'
      set children \
        'add	Add an employee who receives guests' \
        'list	List hosts by name' \
        'show	Show a host' \
        'edit	Change an employee who receives guests' \
        'remove	Remove a host that nothing refers to; this cannot be undone'
    case ' host add'
      set options \
        '--department	@DEPARTMENT	Name or number' \
        '--email	.	E-mail address' \
        '--phone	.	Telephone number; the site'\''s country code completes a local one' \
        '--chat	.	Chat for messages' \
        '--site	@SITE	Only this site, by name or number' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' host list'
      set options \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '.'
    case ' host show'
      set options \
        '--site	@SITE	Only this site, by name or number'
      set arguments \
        '@HOST'
    case ' host edit'
      set options \
        '--name	.	Name' \
        '--department	@DEPARTMENT	By name or number; visits of before keep theirs' \
        '--email	.	E-mail address' \
        '--phone	.	Telephone number; the site'\''s country code completes a local one' \
        '--chat	.	Chat for messages' \
        '--site	@SITE	Only this site, by name or number' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@HOST'
    case ' host remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '--site	@SITE	Only this site, by name or number' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@HOST'
    case ' department'
      set children \
        'add	Add a department to a site' \
        'list	List departments by site and name' \
        'show	Show a department' \
        'edit	Change a department' \
        'remove	Remove a department that nothing refers to; this cannot be undone'
    case ' department add'
      set options \
        '--director	.	Who leads it' \
        '--site	@SITE	Name or number; not needed where there is only one site' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' department list'
      set options \
        '--site	@SITE	Only this site, by name or number'
    case ' department show'
      set options \
        '--site	@SITE	Only this site, by name or number'
      set arguments \
        '@DEPARTMENT'
    case ' department edit'
      set options \
        '--name	.	Name, unique at the site' \
        '--director	.	Who leads it' \
        '--site	@SITE	Only this site, by name or number' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@DEPARTMENT'
    case ' department remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '--site	@SITE	Only this site, by name or number' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@DEPARTMENT'
    case ' site'
      set children \
        'add	Add a site' \
        'list	List sites by name' \
        'show	Show a site' \
        'edit	Change a site' \
        'remove	Remove a site that nothing refers to; this cannot be undone'
    case ' site add'
      set options \
        '--time-zone	@ZONE	As in tzdata: Europe/Berlin, Asia/Almaty' \
        '--country-code	.	Completes telephone numbers that are given without one: 7, 49' \
        '--day-off	.	Closed on this weekday, 1 Monday to 7 Sunday' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' site list'
    case ' site show'
      set arguments \
        '@SITE'
    case ' site edit'
      set options \
        '--name	.	Name, unique' \
        '--time-zone	@ZONE	As in tzdata: Europe/Berlin' \
        '--country-code	.	Completes telephone numbers that are given without one from now on' \
        '--day-off	.	Closed on this weekday, 1 Monday to 7 Sunday' \
        '--no-day-off		Open on every day of the week' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@SITE'
    case ' site remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@SITE'
    case ' terminal'
      set children \
        'add	Add a terminal, to be polled from now on' \
        'list	List terminals by name, and how they are' \
        'show	Show a terminal, how it is, and its doors' \
        'test	Walk through all that polling a terminal needs, and say what is wrong and what to do' \
        'doors	Show which way the doors and readers of a terminal lead, and what the terminal can do' \
        'backlog	List what terminals hold that has not been read yet, and how long that will take' \
        'gaps	List serial numbers that terminals skipped, and what was tried to get them' \
        'clock	Show the clock of a terminal beside ours, or set it' \
        'poll-now	Have terminals polled at once, and wait for what came of it' \
        'enable	Poll a terminal again, with another password where it refused the old one' \
        'disable	Do not poll a terminal any more; what it reports meanwhile is read when it is enabled again' \
        'edit	Change a terminal: its name, address, account, interval or site' \
        'remove	Remove a terminal that has never reported anything; this cannot be undone'
    case ' terminal add'
      set options \
        '--user	.	Account of the terminal' \
        '--password-file	/	File with the password in its first line; '\''-'\'' is standard input; without it there is a prompt' \
        '--site	@SITE	Name or number; not needed where there is only one site' \
        '--poll-interval-ms	.	Milliseconds between two polls' \
        '--disabled		Do not poll it before '\''terminal enable'\''' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.' \
        '.'
    case ' terminal list'
      set options \
        '--site	@SITE	Only this site, by name or number'
    case ' terminal show'
      set arguments \
        '@TERMINAL'
    case ' terminal test'
      set options \
        '--pin		Believe the certificate that is shown now, and only this one from now on' \
        '--force		Log in although the terminal said that few tries are left, or to wait'
      set arguments \
        '@TERMINAL'
    case ' terminal doors'
      set arguments \
        '@TERMINAL'
    case ' terminal backlog'
      set arguments \
        '@TERMINAL'
    case ' terminal gaps'
      set options \
        '-a		Also those that were filled' \
        '--all		Also those that were filled' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '@TERMINAL'
    case ' terminal clock'
      set options \
        '--set		Set it to our time' \
        '-y		Do not ask' \
        '--yes		Do not ask'
      set arguments \
        '@TERMINAL'
    case ' terminal poll-now'
      set options \
        '--no-wait		Only ask' \
        '--timeout	.	How long to wait for the answers'
      set arguments \
        '+@TERMINAL'
    case ' terminal enable'
      set options \
        '--password-file	/	File with a new password in its first line; '\''-'\'' is standard input' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@TERMINAL'
    case ' terminal disable'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@TERMINAL'
    case ' terminal edit'
      set options \
        '--name	.	Name, unique' \
        '--url	.	http://192.0.2.10 or https://…: scheme, host and port only' \
        '--user	.	Account of the terminal' \
        '--password-file	/	File with a new password in its first line; '\''-'\'' is standard input' \
        '--ask-password		Ask for a new password' \
        '--poll-interval-ms	.	Milliseconds between two polls' \
        '--site	@SITE	Another site, while it has reported nothing' \
        '--forget-certificate		Believe the next certificate that it shows, and only that from then on' \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@TERMINAL'
    case ' terminal remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@TERMINAL'
    case ' door'
      set children \
        'list	List doors and which way they lead' \
        'set	Say which way a door and its reader lead'
    case ' door list'
      set arguments \
        '@TERMINAL'
    case ' door set'
      set options \
        '--reader	.	Number of the reader; 0 where events name none' \
        '--name	.	What people call it' \
        '--zone	.	Where it leads to' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '@TERMINAL' \
        '.' \
        '=entry,exit,none'
    case ' event'
      set children \
        'list	List events, the newest by the terminals'\'' clocks first' \
        'show	Show an event, decoded and as it came' \
        'tail	Show the last events, and with -f each new one as it arrives' \
        'decode	Turn what was captured from a terminal into JSON, without configuration or database' \
        'replay	Recompute visits and incidents from the raw events, and mend what differs'
    case ' event list'
      set options \
        '--site	@SITE	Only this site, by name or number' \
        '--terminal	@TERMINAL	Only this terminal, by name or number' \
        '--guest	@GUEST	Only this guest, by name or number' \
        '--class	=granted,denied,door_state,alarm,operation,own_noise,exception,state,unknown	Only this class of events' \
        '--direction	=entry,exit,none	Only through doors that lead this way' \
        '--person	.	Only this employee number or card number' \
        '--since	.	Only what was dated at this time or later' \
        '--until	.	Only what was dated before this time' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' event show'
      set options \
        '--raw		Print only the terminal'\''s words as they are stored, one JSON document'
      set arguments \
        '.'
    case ' event tail'
      set options \
        '-n	.	How many of those that are there already' \
        '--lines	.	How many of those that are there already' \
        '--since	.	Instead of the last ones: all that was stored after this cursor, or since a time' \
        '-f		Go on until Ctrl-C' \
        '--follow		Go on until Ctrl-C' \
        '--site	@SITE	Only this site, by name or number' \
        '--terminal	@TERMINAL	Only this terminal, by name or number' \
        '--guest	@GUEST	Only this guest, by name or number' \
        '--class	=granted,denied,door_state,alarm,operation,own_noise,exception,state,unknown	Only this class of events' \
        '--direction	=entry,exit,none	Only through doors that lead this way' \
        '--person	.	Only this employee number or card number'
    case ' event decode'
      set options \
        '-s		One line for each part instead of JSON' \
        '--summary		One line for each part instead of JSON'
      set arguments \
        '/'
    case ' event replay'
      set options \
        '--since	.	Facts of this time or later' \
        '--until	.	Facts before this time' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
    case ' incident'
      set children \
        'list	List incidents, the newest first' \
        'show	Show an incident and what was done about it' \
        'history	List what was done about an incident, by whom and why, the oldest first' \
        'open	Report an incident that no rule has found; whoever is told of incidents is told of it' \
        'assign	Give incidents to somebody, which begins the investigation' \
        'resolve	Say that incidents have been dealt with' \
        'false-alarm	Say that incidents were none' \
        'reopen	Take up incidents that had ended'
    case ' incident list'
      set options \
        '--open		Only new ones and those under investigation' \
        '--status	=new,investigating,resolved,false_alarm	Only with this status' \
        '--severity	=low,medium,high,critical	Only of this severity' \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Only of this type' \
        '--site	@SITE	Only this site, by name or number' \
        '--guest	@GUEST	Only about this guest, by name or number' \
        '--terminal	@TERMINAL	Only about this terminal, by name or number' \
        '--visit	@VISIT	Only about this visit' \
        '--since	.	Only what was detected at this time or later' \
        '--until	.	Only what was detected before this time' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' incident show'
      set arguments \
        '@INCIDENT'
    case ' incident history'
      set arguments \
        '@INCIDENT'
    case ' incident open'
      set options \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Only other: the rest is found by rules' \
        '--severity	=low,medium,high,critical	How bad it is' \
        '--summary	.	One sentence; it goes out with the alert' \
        '--visit	@VISIT	The visit it is about, and with it guest and site' \
        '--guest	@GUEST	The guest it is about, by name or number' \
        '--terminal	@TERMINAL	The terminal it is about, by name or number' \
        '--site	@SITE	Where; follows from the visit or the terminal' \
        '--at	.	When it happened' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
    case ' incident assign'
      set options \
        '--to	.	Account that takes it; without it your own' \
        '--note	.	Why' \
        '--all-matching		Instead of numbers: all that the filters below leave, and that can be changed like this' \
        '--open		Only new ones and those under investigation' \
        '--status	=new,investigating,resolved,false_alarm	Only with this status' \
        '--severity	=low,medium,high,critical	Only of this severity' \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Only of this type' \
        '--site	@SITE	Only this site, by name or number' \
        '--guest	@GUEST	Only about this guest, by name or number' \
        '--terminal	@TERMINAL	Only about this terminal, by name or number' \
        '--visit	@VISIT	Only about this visit' \
        '--since	.	Only what was detected at this time or later' \
        '--until	.	Only what was detected before this time' \
        '-y		Do not ask before changing all that match' \
        '--yes		Do not ask before changing all that match' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '+@INCIDENT'
    case ' incident resolve'
      set options \
        '--note	.	What was done' \
        '--all-matching		Instead of numbers: all that the filters below leave, and that can be changed like this' \
        '--open		Only new ones and those under investigation' \
        '--status	=new,investigating,resolved,false_alarm	Only with this status' \
        '--severity	=low,medium,high,critical	Only of this severity' \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Only of this type' \
        '--site	@SITE	Only this site, by name or number' \
        '--guest	@GUEST	Only about this guest, by name or number' \
        '--terminal	@TERMINAL	Only about this terminal, by name or number' \
        '--visit	@VISIT	Only about this visit' \
        '--since	.	Only what was detected at this time or later' \
        '--until	.	Only what was detected before this time' \
        '-y		Do not ask before changing all that match' \
        '--yes		Do not ask before changing all that match' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '+@INCIDENT'
    case ' incident false-alarm'
      set options \
        '--note	.	How that is known' \
        '--all-matching		Instead of numbers: all that the filters below leave, and that can be changed like this' \
        '--open		Only new ones and those under investigation' \
        '--status	=new,investigating,resolved,false_alarm	Only with this status' \
        '--severity	=low,medium,high,critical	Only of this severity' \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Only of this type' \
        '--site	@SITE	Only this site, by name or number' \
        '--guest	@GUEST	Only about this guest, by name or number' \
        '--terminal	@TERMINAL	Only about this terminal, by name or number' \
        '--visit	@VISIT	Only about this visit' \
        '--since	.	Only what was detected at this time or later' \
        '--until	.	Only what was detected before this time' \
        '-y		Do not ask before changing all that match' \
        '--yes		Do not ask before changing all that match' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '+@INCIDENT'
    case ' incident reopen'
      set options \
        '--note	.	Why' \
        '--all-matching		Instead of numbers: all that the filters below leave, and that can be changed like this' \
        '--open		Only new ones and those under investigation' \
        '--status	=new,investigating,resolved,false_alarm	Only with this status' \
        '--severity	=low,medium,high,critical	Only of this severity' \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Only of this type' \
        '--site	@SITE	Only this site, by name or number' \
        '--guest	@GUEST	Only about this guest, by name or number' \
        '--terminal	@TERMINAL	Only about this terminal, by name or number' \
        '--visit	@VISIT	Only about this visit' \
        '--since	.	Only what was detected at this time or later' \
        '--until	.	Only what was detected before this time' \
        '-y		Do not ask before changing all that match' \
        '--yes		Do not ask before changing all that match' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '+@INCIDENT'
    case ' alert'
      set children \
        'list	List alerts and what became of them, the newest first' \
        'show	Show an alert, who was to get it and every try' \
        'retry	Send again what was given up' \
        'lost	Show what nobody was told of; prints nothing where all is well' \
        'test	Send a test message, and wait until it was taken' \
        'canary	Send a canary to everybody in [alerts] canary_to, and wait until it was taken' \
        'explain	Say why somebody got an alert, or did not' \
        'send-digest	Send the daily summary or the weekly incident report now' \
        'route	See where alerts go' \
        'silence	Hold alerts back for a while'
    case ' alert list'
      set options \
        '--state	=waiting,sending,sent,failed,withheld	Only deliveries in this state' \
        '--channel	=log,telegram,email,webhook,exec	Only deliveries by this channel' \
        '--incident	@INCIDENT	Only about this incident' \
        '--since	.	Only what was made at this time or later' \
        '--until	.	Only what was made before this time' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' alert show'
      set arguments \
        '@ALERT'
    case ' alert retry'
      set options \
        '--failed		Instead of numbers: everything that was given up' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '+@ALERT'
    case ' alert lost'
      set options \
        '--after	.	What has been due for so long counts as overdue' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' alert test'
      set options \
        '--to	.	Address, chat or name; without it those of [alerts] canary_to' \
        '--timeout	.	How long to wait for the answer'
      set arguments \
        '=log,telegram,email,webhook,exec'
    case ' alert canary'
      set options \
        '--timeout	.	How long to wait for the answers; 0s: not at all'
      set arguments \
        '=log,telegram,email,webhook,exec'
    case ' alert explain'
      set arguments \
        '@ALERT'
    case ' alert send-digest'
      set options \
        '--site	@SITE	By number or name; needed where there are several' \
        '--to	.	A recipient or group instead of those of the routes' \
        '--language	=en,ru	Of --dry-run; everybody else gets his own' \
        '-n		Print it, and send nothing' \
        '--dry-run		Print it, and send nothing'
      set arguments \
        '=daily,weekly'
    case ' alert route'
      set children \
        'test	Say who would get what, and why'
    case ' alert route test'
      set options \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Of an incident that is not there: its type' \
        '--severity	=low,medium,high,critical	Its severity; medium where none is given' \
        '--site	@SITE	Its site, by number or name' \
        '--department	@DEPARTMENT	Of the visit, by number or name' \
        '--late		It became known long after it happened'
      set arguments \
        '+.'
    case ' alert silence'
      set children \
        'add	Hold back what is known, for a while' \
        'list	List silences, the last to end first' \
        'expire	End a silence now'
    case ' alert silence add'
      set options \
        '--type	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Incidents of this type' \
        '--at-most	=low,medium,high,critical	Up to this severity; graver ones get through' \
        '--site	@SITE	At this site, by number or name' \
        '--department	@DEPARTMENT	Of this department, by number or name' \
        '--guest	@GUEST	About this guest' \
        '--terminal	@TERMINAL	Of this terminal, by number or name' \
        '--incident	@INCIDENT	News of this incident' \
        '--recipient	.	For this recipient only' \
        '--reason	.	Why, for those who wonder' \
        '--for	.	How long: 90s, 30m, 2h, 7d' \
        '--until	.	Or until when' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
    case ' alert silence list'
      set options \
        '-a		Those that are over, too' \
        '--all		Those that are over, too' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' alert silence expire'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' job'
      set children \
        'list	List what visitord does by itself, when it did so last, and how that went' \
        'run	Do now what visitord does by itself, due or not; says nothing where all went well'
    case ' job list'
    case ' job run'
      set arguments \
        '@JOB'
    case ' rules'
      set children \
        'list	List the rules, their thresholds, and what sites say otherwise' \
        'show	Show what a rule means, what it goes by, and what it says in English and Russian' \
        'set	Let a rule go by something else at one site' \
        'unset	Let a site go by visitor.toml again' \
        'test	Try the rules, as they are or as proposed, on stored events; changes nothing'
    case ' rules list'
    case ' rules show'
      set arguments \
        '=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other'
    case ' rules set'
      set options \
        '--site	@SITE	By name or number; without it the only one there is' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.' \
        '.'
    case ' rules unset'
      set options \
        '--site	@SITE	By name or number; without it the only one there is' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' rules test'
      set options \
        '--since	.	Events of this time or later' \
        '--until	.	Events before this time' \
        '--set	.	An option of [rules] with another value: long_stay=6h' \
        '--rule	=exit_without_entry,long_stay,overstay,suspicious_time,multiple_failed_access,repeated_exit_entry,entry_without_visit,blocked_guest,duress,door_forced,door_held,tamper,terminal_offline,event_gap,clock_drift,capacity,backup,other	Only this rule' \
        '--site	@SITE	Only this site, by name or number'
    case ' why'
      set children \
        'visit	Show the facts that a visit'\''s state follows from, and what came of them' \
        'incident	Show the events behind an incident, its steps, and whom it was told to'
    case ' why visit'
      set arguments \
        '@VISIT'
    case ' why incident'
      set arguments \
        '@INCIDENT'
    case ' audit'
      set children \
        'list	List who did what, the newest first' \
        'show	Show a row of the audit with its link in the chain' \
        'verify	Find out whether the audit is what was written' \
        'checkpoint	Sign where the audit ends, and send that to its places now' \
        'export	Write the audit as lines of JSON that anybody can verify'
    case ' audit list'
      set options \
        '--who	.	Only what this account did' \
        '--action	=create,update,delete,view,login,logout,login_failed,permission_change,export,bulk_operation,refused	Only acts of this kind' \
        '--topic	.	Only about things of this kind: visit, guest' \
        '--entity	.	Only about the thing with this number' \
        '--since	.	Only what was done at this time or later' \
        '--until	.	Only what was done before this time' \
        '--before	.	Only rows older than this one, to go on with the list' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' audit show'
      set arguments \
        '.'
    case ' audit verify'
      set options \
        '--full		Read all of it' \
        '--file	/	Check a file of '\''audit export'\'' instead; needs no database' \
        '--public-key	.	With --file: only checkpoints that this key signed are believed'
    case ' audit checkpoint'
    case ' audit export'
      set options \
        '--after	.	Only what comes after this link of the chain'
    case ' export'
      set children \
        'alerts	What people were told, with a row for each recipient; a status is that of a delivery' \
        'audit	Who did what, when and from where; a status is a kind of act' \
        'auto-checkin	Who passed the doors, incidents, and both by hour or by day' \
        'departments	Departments with their hosts and what became of their visits within the period' \
        'events	What the terminals reported, in the order of their clocks; a status is a class of events' \
        'hosts	Employees who receive guests, with their visits within the period' \
        'incidents	Incidents with their type, severity, status, guest and who looks after them' \
        'inside	Who is in the building now, the longest first' \
        'summary	Figures and charts for the management: visits by day, hour, department, status and length, incidents' \
        'terminals	How each terminal is now: its state, last answer, clock and backlog' \
        'visits	Every visit with its guest, host, times and counts' \
        'list	List the reports that there are, with their columns' \
        'verify	Find out whether a file is the one that was exported'
    case ' export alerts'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was made at this time or later' \
        '--to	.	Only what was made before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--status	.	Only these: waiting, sending, sent, failed, withheld' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export audit'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was done at this time or later' \
        '--to	.	Only what was done before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Refused: much of what is done is done at no site, and a record that is left out would not be missed' \
        '--department	@DEPARTMENT	Refused: much of what is done is of no department, and a record that is left out would not be missed' \
        '--status	.	Only these: create, update, delete, view, login, logout, login_failed, permission_change, export, bulk_operation, refused' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export auto-checkin'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was seen at this time or later' \
        '--to	.	Only what was seen before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export departments'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was expected at this time or later' \
        '--to	.	Only what was expected before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export events'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was reported at this time or later' \
        '--to	.	Only what was reported before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Refused: what a terminal reports belongs to its site' \
        '--status	.	Only these: granted, denied, door_state, alarm, operation, own_noise, exception, state, unknown' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export hosts'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was expected at this time or later' \
        '--to	.	Only what was expected before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export incidents'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was detected at this time or later' \
        '--to	.	Only what was detected before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--status	.	Only these: new, investigating, resolved, false_alarm' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export inside'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export summary'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was expected at this time or later' \
        '--to	.	Only what was expected before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export terminals'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Refused: a terminal belongs to a site' \
        '--status	.	Only these: new, online, offline, locked, refused, certificate_changed, error' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export visits'
      set options \
        '-o	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--output	/	Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside' \
        '--format	=xlsx,pdf,csv,json,jsonl,html	By the ending of the name, or csv, where it is not given' \
        '--from	.	Only what was expected at this time or later' \
        '--to	.	Only what was expected before this time' \
        '--period	.	Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month' \
        '--site	@SITE	Only this site, by name or number' \
        '--department	@DEPARTMENT	Only this department, by name or number' \
        '--status	.	Only these: awaiting, checked_in, checked_out, cancelled, no_show' \
        '--columns	.	Only these, in this order; '\''export list'\'' shows their keys' \
        '--section	.	Only this section' \
        '--locale	=en,ru	Of headings and words' \
        '--time-zone	@ZONE	Of its times, instead of that of the site' \
        '--reason	.	Why document numbers are wanted whole; goes on record' \
        '--bom		CSV: begin with a byte order mark' \
        '--excel		CSV: as Excel reads it in Russian: semicolons and Windows-1251' \
        '--no-guard		CSV: leave texts as they are that a spreadsheet would run as formulas'
    case ' export list'
    case ' export verify'
      set options \
        '--public-key	.	Believe this key; needs no database'
      set arguments \
        '/'
    case ' report'
      set children \
        'list	List the reports that are made by themselves, when they were last, and how that went' \
        'run	Make a report that is made by itself now, and hand it in, due or not' \
        'show	Show a report that is made by itself, with its last runs and where they went'
    case ' report list'
    case ' report run'
      set options \
        '-n		Only try what it needs, and say where it would go' \
        '--dry-run		Only try what it needs, and say where it would go'
      set arguments \
        '.'
    case ' report show'
      set arguments \
        '.'
    case ' backup'
      set children \
        'create	Make a backup of everything: one moment, encrypted, to all places at once' \
        'list	List the backups that there are, newest first' \
        'show	Show what is in a backup, table by table, and who can read it' \
        'status	Say in one line, as monitoring plugins do, whether backups are well, and list the copies' \
        'can-i-survive	Say what a loss of everything but the backups would cost' \
        'prune	Remove copies of backups that no rule keeps, and say why of each' \
        'hold	Keep a backup whatever the rules say, until it is released' \
        'release	Let the rules decide on a backup again that is on hold' \
        'verify	Check every copy of a backup, as deeply as asked' \
        'restore	Bring a backup back, all of it or nothing' \
        'extract	Take a table, or everything of one visit, out of a backup without restoring it' \
        'key	Keep the keys that can read backups'
    case ' backup create'
      set options \
        '--to	.	Keep it here instead of in [backup] targets: file:///… or s3://…' \
        '--note	.	Why it was made' \
        '--if-due		Only if none was made since [backup] schedule, and nobody is at it' \
        '--prune		Remove copies afterwards that no rule keeps, as '\''backup prune'\'' does' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
    case ' backup list'
      set options \
        '--from	.	Look at this place instead of those in [backup] targets'
    case ' backup show'
      set options \
        '--from	.	Look at this place instead of those in [backup] targets'
      set arguments \
        '.'
    case ' backup status'
    case ' backup can-i-survive'
      set options \
        '--lost-at	.	When it is lost; by default now'
    case ' backup prune'
      set options \
        '--simulate	.	Show what would be there after this span (3y, 6m14d) or on that date, with a backup every night' \
        '--keep-last	.	Instead of the configuration: keep the last N' \
        '--keep-hourly	.	Keep the newest of the last N hours that have one' \
        '--keep-daily	.	The same for days' \
        '--keep-weekly	.	The same for weeks' \
        '--keep-monthly	.	The same for months' \
        '--keep-yearly	.	The same for years' \
        '--keep-within	.	Keep all within this span before the newest' \
        '--min-verified	.	Verified copies that each target keeps at least' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen' \
        '-y		Do not ask' \
        '--yes		Do not ask'
    case ' backup hold'
      set options \
        '--reason	.	Why: the case, the order' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' backup release'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' backup verify'
      set options \
        '--level	=quick,full,restore	How deeply' \
        '--from	.	Look at this place instead of those in [backup] targets' \
        '--key	/	The private key; - is standard input' \
        '--sabotage		Flip a bit on the way; the exit status must then be 17'
      set arguments \
        '.'
    case ' backup restore'
      set options \
        '--to	.	Connection string of the database, or embedded' \
        '--at	.	The moment, as 2026-11-22T14:05 or 2h for two hours ago; without an offset by the clock of the site, or in UTC where there is no database to ask for it' \
        '--key	/	The private key; - is standard input' \
        '--from	.	Look at this place instead of those in [backup] targets' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input' \
        '--replace		Put aside what the database holds' \
        '-y		Do not ask' \
        '--yes		Do not ask'
      set arguments \
        '.'
    case ' backup extract'
      set options \
        '--table	.	Name shown by '\''backup show'\''' \
        '--where	.	Only rows with this value; all conditions must hold' \
        '--visit	@VISIT	Number of a visit: its row, and all that names it' \
        '--key	/	The private key; - is standard input' \
        '--from	.	Look at this place instead of those in [backup] targets' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '.'
    case ' backup key'
      set children \
        'create	Make a key that can read backups, and print its public half' \
        'list	List the keys that can read backups, and when each was last proven' \
        'export	Show the public half of a private key, for [backup] recipients' \
        'check	Prove that a private key is there and works, and note when' \
        'rotate	Let the recipients of now, and no other, read the backups that there are'
    case ' backup key create'
      set options \
        '--out	/	Where to write the private half' \
        '--print		Print the private half instead, to be stored elsewhere'
      set arguments \
        '.'
    case ' backup key list'
    case ' backup key export'
      set options \
        '--key	/	The private key; - is standard input' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
    case ' backup key check'
      set options \
        '--key	/	The private key; - is standard input'
    case ' backup key rotate'
      set options \
        '--key	/	The private key; - is standard input' \
        '--from	.	Look at this place instead of those in [backup] targets' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input' \
        '-y		Do not ask' \
        '--yes		Do not ask'
    case ' resume'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
    case ' user'
      set children \
        'add	Add somebody who may log in' \
        'list	List users by login' \
        'show	Show a user, with roles and groups' \
        'edit	Change what is known of a user' \
        'passwd	Set a user'\''s password, and end the user'\''s sessions' \
        'disable	Let a user do nothing more, at once: sessions end, log-ins are refused' \
        'enable	Let a disabled user log in again' \
        'unlock	Forget a user'\''s failed log-ins, so that the next one is not held up' \
        'sessions	List who is logged in, the newest first' \
        'revoke	End the sessions of an account at once, everywhere' \
        'remove	Remove a user who has done nothing yet; this cannot be undone'
    case ' user add'
      set options \
        '--name	.	Full name' \
        '--company	.	Company' \
        '--department	.	Department' \
        '--position	.	Position' \
        '--email	.	E-mail address' \
        '--phone	.	Telephone number, international: +77011234567' \
        '--language	=en,ru	Of messages to the person' \
        '--time-zone	@ZONE	As in tzdata: Asia/Almaty; without it that of the site' \
        '--chat-id	.	Telegram chat with the person' \
        '--password-file	/	File with the password in its first line; '\''-'\'' is standard input; without it nobody can log in by password before '\''user passwd'\''' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' user list'
      set options \
        '--role	.	Only who has this role, wherever' \
        '--disabled		Only those that are disabled' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '.'
    case ' user show'
      set arguments \
        '.'
    case ' user edit'
      set options \
        '--login	.	Unique, letter case aside; no blanks' \
        '--name	.	Full name' \
        '--company	.	Company' \
        '--department	.	Department' \
        '--position	.	Position' \
        '--email	.	E-mail address' \
        '--phone	.	Telephone number, international: +77011234567' \
        '--language	=en,ru	Of messages to the person' \
        '--time-zone	@ZONE	As in tzdata: Asia/Almaty; empty: that of the site' \
        '--chat-id	.	Telegram chat with the person' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' user passwd'
      set options \
        '--password-file	/	File with the password in its first line; '\''-'\'' is standard input; without it there is a prompt' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' user disable'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' user enable'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' user unlock'
      set options \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' user sessions'
      set options \
        '-a		Those that are over, too' \
        '--all		Those that are over, too' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '.'
    case ' user revoke'
      set options \
        '--session	.	Only this one, as '\''user sessions'\'' shows it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' user remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' role'
      set children \
        'list	List roles by name' \
        'show	Show what a role allows, and who has it where' \
        'permissions	List everything that a role can allow' \
        'create	Make a role of permissions' \
        'edit	Change a role, for everybody who has it' \
        'grant	Give a user a role: on everything, or on one site, department or host' \
        'revoke	Take a role from a user again, where it was given'
    case ' role list'
    case ' role show'
      set arguments \
        '.'
    case ' role permissions'
    case ' role create'
      set options \
        '--allow	.	What it may do, as '\''role permissions'\'' lists it; at least one' \
        '--description	.	What it is for' \
        '--second-factor		Without a second factor whoever has it can only set one up' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' role edit'
      set options \
        '--name	.	Unique; small letters, digits, '\''-'\'' and '\''_'\'', with a letter first' \
        '--description	.	What it is for' \
        '--allow	.	What it may do besides, as '\''role permissions'\'' lists it' \
        '--forbid	.	What it may do no longer' \
        '--second-factor		Without a second factor whoever has it can only set one up' \
        '--no-second-factor		A password is enough' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' role grant'
      set options \
        '--site	@SITE	On what belongs to this site only: name or number' \
        '--department	@DEPARTMENT	On what belongs to this department only: name or number' \
        '--host	@HOST	On this host'\''s own visits only: name or number' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.' \
        '.'
    case ' role revoke'
      set options \
        '--site	@SITE	On what belongs to this site only: name or number' \
        '--department	@DEPARTMENT	On what belongs to this department only: name or number' \
        '--host	@HOST	On this host'\''s own visits only: name or number' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.' \
        '.'
    case ' group'
      set children \
        'add	Add a group of users, for routes of alerts to name' \
        'list	List groups of users by name' \
        'show	Show a group and who is in it' \
        'edit	Change a group'\''s name or description' \
        'remove	Remove a group; its users stay; this cannot be undone' \
        'member	Say who is in a group'
    case ' group add'
      set options \
        '--description	.	What it is for' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' group list'
    case ' group show'
      set arguments \
        '.'
    case ' group edit'
      set options \
        '--name	.	Name, unique' \
        '--description	.	What it is for' \
        '--if-version	.	Only if this is still its version, as '\''show'\'' prints it' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' group remove'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' group member'
      set children \
        'add	Take a user into a group' \
        'remove	Take a user out of a group'
    case ' group member add'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.' \
        '.'
    case ' group member remove'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.' \
        '.'
    case ' totp'
      set children \
        'enroll	Set up an authenticator for an account' \
        'confirm	Make a new authenticator count, with its first code' \
        'status	Show whether an account has an authenticator, and recovery codes left' \
        'disable	Take an authenticator and its recovery codes away; this cannot be undone' \
        'recovery	Make ten new recovery codes; older ones are worth nothing then' \
        'doctor	See how far the clock of somebody'\''s authenticator is off'
    case ' totp enroll'
      set options \
        '--algorithm	=SHA1,SHA256,SHA512	Hash; few apps know others than SHA1' \
        '--digits	.	Digits of a code, 6 or 8' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '.'
    case ' totp confirm'
      set options \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '.'
    case ' totp status'
      set arguments \
        '.'
    case ' totp disable'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' totp recovery'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '.'
    case ' totp doctor'
      set options \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '.'
    case ' apikey'
      set children \
        'create	Make a key for a script, which is shown once' \
        'list	List API keys by account and name' \
        'audit	Show which permissions of an API key were ever needed' \
        'revoke	End an API key at once, everywhere; this cannot be undone'
    case ' apikey create'
      set options \
        '--name	.	What it is for' \
        '--permission	=visit.view,visit.create,visit.edit,visit.check_in,visit.check_out,visit.cancel,visit.reopen,guest.view,guest.create,guest.edit,guest.merge,guest.block,guest.remove,guest.document.view,host.view,host.edit,department.view,department.edit,site.view,site.edit,terminal.view,terminal.edit,terminal.poll,event.view,incident.view,incident.open,incident.comment,incident.assign,incident.settle,incident.reopen,alert.view,alert.send,silence.view,silence.edit,rule.view,rule.edit,inside.view,statistics.view,report.export,account.view,account.edit,role.view,role.edit,role.grant,session.view,session.revoke,api_key.view,api_key.edit,audit.view,audit.export,change.view,job.view,job.run,lock.take_over	What it may do; again for each' \
        '--network	.	Only from there: 10.0.0.0/8 or 192.0.2.7; again for each' \
        '--expires	.	When it ends by itself' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen' \
        '--code-file	/	A file with the code that is asked for, or '\''-'\'' for standard input'
      set arguments \
        '.'
    case ' apikey list'
      set options \
        '-a		Those that are revoked or have expired, too' \
        '--all		Those that are revoked or have expired, too' \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
      set arguments \
        '.'
    case ' apikey audit'
      set arguments \
        '.'
    case ' apikey revoke'
      set options \
        '-y		Do not ask' \
        '--yes		Do not ask' \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' breakglass'
      set children \
        'open	Make somebody an administrator for a while, by two administrators together' \
        'list	List emergencies, the newest first' \
        'close	Take back now what was given in an emergency'
    case ' breakglass open'
      set options \
        '--first	.	An administrator' \
        '--second	.	Another one' \
        '--reason	.	Why, for those who are alarmed' \
        '--for	.	How long: a minute to a day' \
        '--first-code-file	/	A file with the code of the first, or '\''-'\'' for standard input' \
        '--second-code-file	/	A file with the code of the second'
      set arguments \
        '.'
    case ' breakglass list'
      set options \
        '-l	.	At most so many' \
        '--limit	.	At most so many'
    case ' breakglass close'
      set options \
        '-n		Do everything, then undo it: shows what would happen' \
        '--dry-run		Do everything, then undo it: shows what would happen'
      set arguments \
        '.'
    case ' config'
      set children \
        'check	Report every problem of the configuration file at once' \
        'show	Show every option with its value, and whether the file or the default says so' \
        'options	List what visitor.toml can say, with defaults and bounds'
    case ' config check'
    case ' config show'
    case ' config options'
      set arguments \
        '@OPTION'
    case ' db'
      set children \
        'status	Show where the database is, its version, its schema and its size; starts nothing' \
        'start	Start the embedded database, which visitord and visitorctl also do when they need it' \
        'stop	Stop the embedded database in an orderly way' \
        'migrate	Bring the schema of the database forward to this version; there is no way back' \
        'shell	Open psql on the database'
    case ' db status'
    case ' db start'
    case ' db stop'
    case ' db migrate'
      set options \
        '-n		Only say which steps would be taken' \
        '--dry-run		Only say which steps would be taken'
    case ' db shell'
      set options \
        '--emergency	.	Open it also where that cannot be put on record; where it can, with this reason'
      set arguments \
        '+.'
    case ' api'
      set options \
        '--body	.	What to send' \
        '--body-file	/	What to send, from a file; - for standard input' \
        '--if-match	.	Only where the thing is still as it was read' \
        '--idempotency-key	.	Repeated with the same key, it is done once' \
        '--paginate		All pages of a list, as one'
      set arguments \
        '.' \
        '.'
    case ' explain'
      set arguments \
        '.'
    case ' help'
      set arguments \
        '+@COMMAND'
    case ' man'
      set options \
        '--into	.	Write all of them into this folder'
      set arguments \
        '.'
    case ' completion'
      set children \
        'bash	Print the script for bash' \
        'zsh	Print the script for zsh' \
        'fish	Print the script for fish'
    case ' completion bash'
    case ' completion zsh'
    case ' completion fish'
    case '*'
      return 1
  end
      set -a options \
        '-c	/	Configuration file instead of the default one' \
        '--config	/	Configuration file instead of the default one' \
        '--server	.	Work with the visitord at this address, such as https://visitor.example.org, instead of a database here; the variable VISITOR_SERVER does the same' \
        '--key-file	/	API key for it, in a file of its own; the first line counts' \
        '--ca-file	/	PEM of an authority to believe besides the system'\''s' \
        '--json		Answer in JSON; an error is a JSON object on standard error' \
        '--no-color		No colour on a terminal; the variable NO_COLOR does the same' \
        '-q		Print neither what was changed nor notes; errors and what was asked for remain' \
        '--quiet		Print neither what was changed nor notes; errors and what was asked for remain' \
        '-v		Tell on standard error what happens underneath' \
        '--verbose		Tell on standard error what happens underneath' \
        '--version		Print the version' \
        '-h		Print this text' \
        '--help		Print this text'
end

# A word that is being typed, without its quoting.
function __visitorctl_plain
  set -l plain (string unescape -- $argv[1])
  or set plain (string replace -r '^[\'"]' '' -- $argv[1])
  string replace -r '^~/' "$HOME/" -- $plain
end

function __visitorctl
  set -l children
  set -l options
  set -l arguments
  set -l config
  set -l given
  set -l at ''
  set -l takes ''
  set -l name ''
  set -l value ''
  set -l lead ''
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l program (__visitorctl_plain $words[1])
  set -e words[1]
  __visitorctl_at ''
  for word in $words
    if test -n "$takes"
      contains -- $name -c --config
      and set config --config (__visitorctl_plain $word)
      set takes ''
    else if string match -q -- '--config=*' $word
      set config --config (__visitorctl_plain (string replace -- '--config=' '' $word))
    else if string match -q -- '-*' $word
      set name $word
      for one in $options
        set -l parts (string split \t -- $one)
        test "$parts[1]" = "$name"
        and set takes $parts[2]
      end
    else if set -q children[1]
      __visitorctl_at "$at $word"
      or return
      set at "$at $word"
    else
      set -a given (__visitorctl_plain $word)
    end
  end

  if test -z "$takes"; and string match -q -- '--*=*' $current
    set lead (string replace -r -- '=.*' '=' $current)
    set current (string replace -r -- '^[^=]*=' '' $current)
    for one in $options
      set -l parts (string split \t -- $one)
      test "$parts[1]=" = "$lead"
      and set takes $parts[2]
    end
    test -n "$takes"
    or return
  end
  if test -n "$takes"
    set value $takes
  else if set -q arguments[1]
    set -l position (math (count $given) + 1)
    if set -q arguments[$position]
      set value $arguments[$position]
    else if string match -q -- '+*' $arguments[-1]
      set value $arguments[-1]
    end
    set value (string replace -r '^\+' '' -- $value)
  end
  if test -z "$takes"
    set -q children[1]
    and printf '%s\n' $children
    # Options only once a dash says that they are meant, or where nothing else can stand.
    if string match -q -- '-*' $current; or begin; test -z "$value"; and not set -q children[1]; end
      for one in $options
        set -l parts (string split \t -- $one)
        printf '%s\t%s\n' $parts[1] $parts[3]
      end
    end
  end
  switch $value
    case '=*'
      printf "$lead%s\n" (string split , -- (string sub -s 2 -- $value))
    case /
      printf "$lead%s\n" (__fish_complete_path (__visitorctl_plain $current))
    case '@*'
      $program $config __complete -- (string sub -s 2 -- $value) (__visitorctl_plain $current) $given 2>/dev/null </dev/null |
        string replace -r '^' -- $lead
  end
end

complete -c visitorctl -f -a '(__visitorctl)'
