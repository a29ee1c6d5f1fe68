//! The catalogue of the workflow: every action with its code, its names and the file of its law, and every event with its
//! code. [`super::dispatch`] makes commands and events from these lists; the table says who may take an action when.

use crate::domain::words::codes::codes;

/// Gives every action but `submit` to a macro, in the order of the procedure: name of its step, code, file of its law,
/// Chinese and English names.
macro_rules! for_each_action {
    ($make:ident) => {
        $make! {
            RecordContactAttempt "record_contact_attempt" in intake, "记录联系情况", "Record a contact attempt";
            ConfirmSubmission "confirm_submission" in intake, "申请人确认提交", "Confirm the submission";
            ConfirmReceipt "confirm_receipt" in intake, "登记收到", "Confirm receipt";
            CloseIntake "close_intake" in intake, "不予登记并结束", "Close at intake";
            Split "split" in parts, "拆分（一事一申请）", "Split";
            Merge "merge" in parts, "并案", "Merge into another case";
            Take "take" in ownership, "认领", "Take the case";
            HandOver "hand_over" in ownership, "移交经办人", "Hand over";
            ReviewFormally "review_formally" in review, "形式审核", "Review formally";
            ReviewSubstantively "review_substantively" in review, "实质审核", "Review substantively";
            RequestAmendment "request_amendment" in amendment, "补正告知", "Request an amendment";
            ReceiveAmendment "receive_amendment" in amendment, "收到补正", "Receive the amendment";
            LapseAmendment "lapse_amendment" in amendment, "逾期未补正，不再处理", "Lapse for want of amendment";
            Reopen "reopen" in amendment, "恢复办理", "Reopen";
            Assign "assign" in assignment, "交业务科室", "Assign to a unit";
            AnswerAssignment "answer_assignment" in assignment, "科室反馈检索结果", "Answer the assignment";
            ReturnAssignment "return_assignment" in assignment, "科室退回", "Return the assignment";
            ConsultThirdParty "consult_third_party" in consultation, "征求第三方意见", "Consult a third party";
            ConsultAgency "consult_agency" in consultation, "征求其他机关意见", "Consult another agency";
            RecordNoticeDelivery "record_notice_delivery" in notice, "登记文书送达", "Record the delivery of a notice";
            ResendNotice "resend_notice" in notice, "再次发送文书", "Send a notice again";
            RecordOpinion "record_opinion" in consultation, "登记反馈意见", "Record an opinion";
            EndConsultation "end_consultation" in consultation, "结束征求意见", "End a consultation";
            NotifyThirdParty "notify_third_party" in consultation, "告知第三方公开决定", "Tell the third party of the release";
            RequestReasons "request_reasons" in reasons, "要求说明理由", "Request reasons";
            RecordReasons "record_reasons" in reasons, "登记理由", "Record the reasons";
            SetDelay "set_delay" in reasons, "确定延迟答复期限", "Set a later date";
            ReviewSecrecy "review_secrecy" in draft, "保密审查", "Review secrecy";
            ProposeExtension "propose_extension" in extension, "提请延期", "Propose an extension";
            ApproveExtension "approve_extension" in extension, "批准延期", "Approve the extension";
            RejectExtension "reject_extension" in extension, "不批准延期", "Reject the extension";
            IssueFeeNotice "issue_fee_notice" in fee_notice, "发出收费通知", "Issue a fee notice";
            RecordPayment "record_payment" in fee_notice, "登记缴费", "Record a payment";
            LapseFee "lapse_fee" in fee_notice, "逾期未缴费，不再处理", "Lapse for want of payment";
            ChangeContact "change_contact" in changes, "变更联系方式", "Change the way to be reached";
            AddParty "add_party" in changes, "增加申请人", "Add an applicant";
            RemoveParty "remove_party" in changes, "申请人退出", "Remove an applicant";
            NarrowRequest "narrow_request" in changes, "放弃部分申请内容", "Give up part of the request";
            SucceedParty "succeed_party" in changes, "申请人承继", "Enter a succession";
            Withdraw "withdraw" in ending, "撤回申请", "Withdraw";
            DraftReply "draft_reply" in draft, "拟制答复", "Draft the reply";
            EditDraft "edit_draft" in editing, "上传答复修改稿", "Bring back the edited draft";
            SubmitForLegalReview "submit_for_legal_review" in approval, "送法制审核", "Submit for legal review";
            ReviewLegally "review_legally" in approval, "法制审核", "Review legally";
            SubmitForApproval "submit_for_approval" in approval, "送签发", "Submit for approval";
            ApproveReply "approve_reply" in approval, "签发答复", "Approve the reply";
            ReturnReply "return_reply" in approval, "退回修改", "Return the reply";
            IssueReply "issue_reply" in delivery, "发出答复", "Issue the reply";
            DispatchReply "dispatch_reply" in delivery, "再次寄送答复", "Dispatch the reply again";
            RecordDelivery "record_delivery" in delivery, "登记答复送达", "Record the delivery of the reply";
            ReplyOnTheSpot "reply_on_the_spot" in spot, "当场答复", "Reply on the spot";
            Archive "archive" in ending, "归档", "Archive";
            RevokeEnding "revoke_ending" in revocation, "撤销终结", "Revoke the ending";
            ReplaceReply "replace_reply" in revocation, "更换答复", "Replace the reply";
            FileRemedy "file_remedy" in remedy, "登记复议或诉讼", "File a remedy";
            DecideRemedy "decide_remedy" in remedy, "登记复议或诉讼结果", "Record the decision on a remedy";
            VoidRemedy "void_remedy" in voiding, "提请作废复议或诉讼登记", "Propose to void a remedy";
            ConfirmVoidRemedy "confirm_void_remedy" in voiding, "确认作废复议或诉讼登记", "Confirm the voiding of a remedy";
            RejectVoidRemedy "reject_void_remedy" in voiding, "不同意作废复议或诉讼登记", "Reject the voiding of a remedy";
            CancelInstrument "cancel_instrument" in cancellation, "作废文书", "Cancel an instrument";
            NoteForceMajeure "note_force_majeure" in force_majeure, "记录不可抗力", "Note force majeure";
            VerifyIdentity "verify_identity" in identity, "核验身份", "Verify an identity";
            JoinPersons "join_persons" in identity, "认定为同一人", "Find two to be one person";
            PartPersons "part_persons" in identity, "撤销同一人认定", "Find somebody to be another person";
            AddDocument "add_document" in papers, "补充材料入卷", "Add documents";
            CorrectFact "correct_fact" in correction, "提请更正记录", "Propose a correction of the record";
            ConfirmCorrection "confirm_correction" in correction, "确认更正记录", "Confirm the correction";
            RejectCorrection "reject_correction" in correction, "不同意更正记录", "Reject the correction";
        }
    };
}

/// Gives every event but the first to a macro: its name, its code, its data with the file of its law, and the step that
/// made it. `from itself`: the data are the fields of that step as they were sent; `from none`: the entry is held
/// to no step when it is corrected.
macro_rules! for_each_event {
    ($make:ident) => {
        $make! {
            DocumentAttached "document_attached" attached::DocumentAttached from none;
            ContactAttempted "contact_attempted" intake::RecordContactAttempt from itself;
            SubmissionConfirmed "submission_confirmed" intake::ConfirmSubmission from itself;
            ReceiptConfirmed "receipt_confirmed" intake::ReceiptConfirmed from ConfirmReceipt;
            IntakeClosed "intake_closed" intake::CloseIntake from itself;
            RequestSplit "request_split" parts::RequestSplit from Split;
            Merged "merged" parts::Merge from itself;
            Taken "taken" ownership::Taken from Take;
            HandedOver "handed_over" ownership::HandOver from itself;
            FormallyReviewed "formally_reviewed" review::ReviewFormally from itself;
            SubstantivelyReviewed "substantively_reviewed" review::ReviewSubstantively from itself;
            AmendmentRequested "amendment_requested" amendment::AmendmentRequested from RequestAmendment;
            AmendmentReceived "amendment_received" amendment::ReceiveAmendment from itself;
            AmendmentLapsed "amendment_lapsed" amendment::LapseAmendment from itself;
            Reopened "reopened" amendment::Reopen from itself;
            Assigned "assigned" assignment::Assign from itself;
            AssignmentAnswered "assignment_answered" assignment::AnswerAssignment from itself;
            AssignmentReturned "assignment_returned" assignment::ReturnAssignment from itself;
            ThirdPartyConsulted "third_party_consulted" consultation::ConsultThirdParty from itself;
            AgencyConsulted "agency_consulted" consultation::ConsultAgency from itself;
            NoticeDelivered "notice_delivered" notice::NoticeDelivered from RecordNoticeDelivery;
            NoticeReturned "notice_returned" notice::NoticeReturned from RecordNoticeDelivery;
            NoticeResent "notice_resent" notice::ResendNotice from itself;
            OpinionRecorded "opinion_recorded" consultation::RecordOpinion from itself;
            ConsultationEnded "consultation_ended" consultation::EndConsultation from itself;
            ThirdPartyNotified "third_party_notified" consultation::NotifyThirdParty from itself;
            ReasonsRequested "reasons_requested" reasons::RequestReasons from itself;
            ReasonsRecorded "reasons_recorded" reasons::RecordReasons from itself;
            DelaySet "delay_set" reasons::SetDelay from itself;
            SecrecyReviewed "secrecy_reviewed" draft::ReviewSecrecy from itself;
            ExtensionProposed "extension_proposed" extension::ProposeExtension from itself;
            ExtensionApproved "extension_approved" extension::ExtensionApproved from ApproveExtension;
            ExtensionRejected "extension_rejected" extension::RejectExtension from itself;
            FeeNoticeIssued "fee_notice_issued" fee_notice::FeeNoticeIssued from IssueFeeNotice;
            PaymentRecorded "payment_recorded" fee_notice::RecordPayment from itself;
            FeeLapsed "fee_lapsed" fee_notice::LapseFee from itself;
            ContactChanged "contact_changed" changes::ChangeContact from itself;
            PartyAdded "party_added" changes::AddParty from itself;
            PartyRemoved "party_removed" changes::RemoveParty from itself;
            RequestNarrowed "request_narrowed" changes::NarrowRequest from itself;
            PartySucceeded "party_succeeded" changes::SucceedParty from itself;
            Withdrawn "withdrawn" ending::Withdraw from itself;
            ReplyDrafted "reply_drafted" draft::DraftReply from itself;
            DraftEdited "draft_edited" editing::EditDraft from itself;
            LegalReviewRequested "legal_review_requested" approval::SubmitForLegalReview from itself;
            LegallyReviewed "legally_reviewed" approval::ReviewLegally from itself;
            ApprovalRequested "approval_requested" approval::SubmitForApproval from itself;
            ReplyApproved "reply_approved" approval::ApproveReply from itself;
            ReplyReturned "reply_returned" approval::ReturnReply from itself;
            ReplyIssued "reply_issued" delivery::ReplyIssued from IssueReply;
            ReplyDispatched "reply_dispatched" delivery::DispatchReply from itself;
            DeliveryRecorded "delivery_recorded" delivery::RecordDelivery from itself;
            RepliedOnTheSpot "replied_on_the_spot" spot::RepliedOnTheSpot from ReplyOnTheSpot;
            Archived "archived" ending::Archived from Archive;
            EndingRevoked "ending_revoked" revocation::EndingRevoked from RevokeEnding;
            ReplyReplaced "reply_replaced" revocation::ReplaceReply from itself;
            RemedyFiled "remedy_filed" remedy::FileRemedy from itself;
            RemedyDecided "remedy_decided" remedy::RemedyDecided from DecideRemedy;
            RemedyVoidProposed "remedy_void_proposed" voiding::VoidRemedy from itself;
            RemedyVoided "remedy_voided" voiding::ConfirmVoidRemedy from itself;
            RemedyVoidRejected "remedy_void_rejected" voiding::RejectVoidRemedy from itself;
            InstrumentCancelled "instrument_cancelled" cancellation::CancelInstrument from itself;
            ForceMajeureNoted "force_majeure_noted" force_majeure::NoteForceMajeure from itself;
            IdentityVerified "identity_verified" identity::IdentityVerified from VerifyIdentity;
            PersonsJoined "persons_joined" identity::JoinPersons from itself;
            PersonsParted "persons_parted" identity::PartPersons from itself;
            DocumentAdded "document_added" papers::AddDocument from itself;
            CorrectionProposed "correction_proposed" correction::CorrectionProposed from none;
            CorrectionConfirmed "correction_confirmed" correction::CorrectionConfirmed from none;
            CorrectionRejected "correction_rejected" correction::RejectCorrection from none;
        }
    };
}
pub(super) use {for_each_action, for_each_event};

macro_rules! action {
    ($($name:ident $code:tt in $topic:ident, $zh:tt, $en:tt;)*) => {
        codes! {
            /// An action of the workflow (动作).
            pub enum Action { Submit "submit" "提交申请" / "Submit the application", $($name $code $zh / $en),* }
        }
    };
}
for_each_action!(action);
