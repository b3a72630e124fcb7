/**
 * The catalogue of everything that can go wrong and may be told to a caller. http maps the kind of
 * each to a status code and writes RFC 9457 problem+json.
 */
import type { ProblemCode, ProblemKind } from './problems/problem-code.ts';
import type { Text } from './text.ts';

export interface ProblemDeclaration {
  readonly kind: ProblemKind;
  readonly title: Text;
  readonly article?: string;
}

function declare(kind: ProblemKind, pt: string, en: string, article?: string): ProblemDeclaration {
  return { kind, title: { 'pt-BR': pt, en }, ...(article === undefined ? {} : { article }) };
}

export const problemCatalogue: Readonly<Record<ProblemCode, ProblemDeclaration>> = {
  'malformed-json': declare('invalid', 'O corpo não é JSON válido.', 'The body is not valid JSON.'),
  'malformed-csv': declare('invalid', 'O CSV não é válido.', 'The CSV is not valid.'),
  'invalid-request': declare(
    'invalid',
    'O pedido não segue o contrato.',
    'The request does not follow the contract.',
  ),
  'invalid-cursor': declare(
    'invalid',
    'O cursor não é desta lista.',
    'The cursor does not belong to this list.',
  ),
  'token-missing': declare(
    'unauthenticated',
    'Falta o token de acesso.',
    'The access token is missing.',
  ),
  'token-invalid': declare(
    'unauthenticated',
    'O token de acesso não é válido.',
    'The access token is not valid.',
  ),
  'token-expired': declare(
    'unauthenticated',
    'O token de acesso venceu.',
    'The access token has expired.',
  ),
  'scope-missing': declare(
    'forbidden',
    'O token não alcança esta operação.',
    'The token does not reach this operation.',
  ),
  'route-unknown': declare('absent', 'Este endereço não existe.', 'This address does not exist.'),
  'method-not-allowed': declare(
    'method',
    'Este endereço não aceita o método.',
    'This address does not take the method.',
  ),
  'subject-unknown': declare('absent', 'Titular não encontrado.', 'Subject not found.'),
  'decision-unknown': declare('absent', 'Decisão não encontrada.', 'Decision not found.'),
  'consent-unknown': declare(
    'absent',
    'Comprovante de consentimento não encontrado.',
    'Consent receipt not found.',
  ),
  'instruction-unknown': declare('absent', 'Instrução não encontrada.', 'Instruction not found.'),
  'merge-unknown': declare('absent', 'Junção não encontrada.', 'Merge not found.'),
  'content-review-unknown': declare('absent', 'Análise não encontrada.', 'Review not found.'),
  'reconciliation-unknown': declare(
    'absent',
    'Conciliação não encontrada.',
    'Reconciliation not found.',
  ),
  'experiment-unknown': declare('absent', 'Experimento não encontrado.', 'Experiment not found.'),
  'record-unknown': declare('absent', 'Registro não encontrado.', 'Record not found.'),
  'ledger-range': declare(
    'absent',
    'O livro de registros não vai até aí.',
    'The ledger does not reach that far.',
  ),
  'erasure-unknown': declare(
    'absent',
    'Nenhuma eliminação deste titular foi pedida.',
    'No erasure of this subject was asked for.',
  ),
  'retention-run-unknown': declare(
    'absent',
    'Execução da retenção não encontrada.',
    'Retention run not found.',
  ),
  'legal-hold-unknown': declare('absent', 'Guarda legal não encontrada.', 'Legal hold not found.'),
  'link-invalid': declare('absent', 'Este link não é válido.', 'This link is not valid.'),
  'subject-erased': declare(
    'gone',
    'Os dados deste titular foram eliminados.',
    'The data of this subject were erased.',
    'LGPD art. 16',
  ),
  'record-erased': declare(
    'gone',
    'O conteúdo deste registro foi eliminado.',
    'The content of this record was erased.',
    'LGPD art. 16',
  ),
  'idempotency-key-reused': declare(
    'conflict',
    'A Idempotency-Key já serviu a outro pedido.',
    'The Idempotency-Key was used for another request.',
  ),
  'identity-conflict': declare(
    'conflict',
    'Os identificadores são de titulares diferentes.',
    'The identifiers belong to different subjects.',
  ),
  'subject-merged': declare(
    'conflict',
    'O titular já foi juntado a outro.',
    'The subject was merged into another one already.',
  ),
  'merge-undone': declare('conflict', 'A junção já foi desfeita.', 'The merge was undone already.'),
  'outcome-conflict': declare(
    'conflict',
    'A decisão já tem outro desfecho, ou não espera nenhum.',
    'The decision has another outcome already, or expects none.',
  ),
  'content-review-conflict': declare(
    'conflict',
    'A análise deste texto já está em outro estado.',
    'The review of this text is in another state already.',
  ),
  'erasure-under-way': declare(
    'conflict',
    'A eliminação deste titular está em curso.',
    'The erasure of this subject is under way.',
    'LGPD art. 16',
  ),
  'erasure-refused': declare(
    'conflict',
    'A lei manda guardar estes dados por ora.',
    'The law has these data kept for now.',
    'LGPD art. 16',
  ),
  'keys-unfit': declare(
    'conflict',
    'As chaves mestras não servem a este armazenamento.',
    'The master keys do not fit this store.',
  ),
  'request-timeout': declare(
    'timeout',
    'O corpo demorou demais a chegar.',
    'The body took too long to arrive.',
  ),
  'body-too-large': declare(
    'too-large',
    'O corpo passa do tamanho permitido.',
    'The body is over the size limit.',
  ),
  'media-type-unsupported': declare(
    'media-type',
    'O tipo de conteúdo não é o desta operação.',
    'The content type is not one of this operation.',
  ),
  'identifier-invalid': declare(
    'unprocessable',
    'O identificador não é válido.',
    'The identifier is not valid.',
  ),
  'merge-with-itself': declare(
    'unprocessable',
    'Um titular não se junta a si mesmo.',
    'A subject is not merged with itself.',
  ),
  'attribute-undeclared': declare(
    'unprocessable',
    'Atributo não declarado em policies/data.yaml.',
    'Attribute not declared in policies/data.yaml.',
    'LGPD art. 6, III',
  ),
  'reference-personal': declare(
    'unprocessable',
    'A referência do pedido traz um dado pessoal.',
    'The reference of the request holds personal data.',
    'LGPD art. 6, III',
  ),
  'purpose-unknown': declare(
    'unprocessable',
    'A finalidade não está declarada.',
    'The purpose is not declared.',
    'LGPD art. 6, I',
  ),
  'purpose-without-consent': declare(
    'unprocessable',
    'A finalidade não se apoia em consentimento.',
    'The purpose does not rest on consent.',
    'LGPD art. 7',
  ),
  'channel-not-offered': declare(
    'unprocessable',
    'A finalidade não usa este canal.',
    'The purpose does not use this channel.',
    'LGPD art. 8, §4',
  ),
  'frequency-not-offered': declare(
    'unprocessable',
    'A finalidade não oferece esta frequência.',
    'The purpose does not offer this frequency.',
  ),
  'notice-unknown': declare(
    'unprocessable',
    'O aviso não está registrado.',
    'The notice is not on file.',
    'LGPD art. 9',
  ),
  'notice-digest-mismatch': declare(
    'unprocessable',
    'O texto do aviso não é o registrado.',
    'The notice text is not the one on file.',
    'LGPD art. 9, §1',
  ),
  'evidence-incomplete': declare(
    'unprocessable',
    'Falta prova do consentimento.',
    'Evidence of the consent is missing.',
    'LGPD art. 8, §2',
  ),
  'consent-not-renewable': declare(
    'unprocessable',
    'Não há consentimento em pé para renovar.',
    'There is no standing consent to renew.',
    'LGPD art. 8',
  ),
  'instant-out-of-range': declare(
    'unprocessable',
    'O instante está fora do intervalo aceito.',
    'The instant is out of the accepted range.',
  ),
  'legal-hold-invalid': declare(
    'unprocessable',
    'A guarda legal não pode ser ordenada assim.',
    'The legal hold cannot be ordered like this.',
    'LGPD art. 16, I; art. 7, VI',
  ),
  'policy-set-unknown': declare(
    'unprocessable',
    'O conjunto de políticas não é conhecido.',
    'The policy set is not known.',
  ),
  'permit-unavailable': declare(
    'unprocessable',
    'Este servidor não emite permissões assinadas.',
    'This server signs no permits.',
  ),
  'policy-set-absent': declare(
    'absent',
    'Conjunto de políticas não encontrado.',
    'Policy set not found.',
  ),
  'replay-unknown': declare('absent', 'Reaplicação não encontrada.', 'Replay not found.'),
  'replay-ended': declare(
    'conflict',
    'A reaplicação já terminou.',
    'The replay has ended already.',
  ),
  'shadow-unknown': declare(
    'absent',
    'O conjunto nunca rodou em paralelo.',
    'The policy set never ran in shadow.',
  ),
  'shadow-under-way': declare(
    'conflict',
    'Um conjunto já roda em paralelo.',
    'A policy set runs in shadow already.',
  ),
  'policy-files-invalid': declare(
    'unprocessable',
    'Os arquivos do conjunto têm erros.',
    'The files of the set have mistakes.',
  ),
  'policy-set-untested': declare(
    'unprocessable',
    'Os casos do conjunto não passam todos.',
    'Not all cases of the set pass.',
  ),
  'policy-set-active': declare(
    'conflict',
    'O conjunto já está em vigor.',
    'The policy set is in force already.',
  ),
  'second-person-required': declare(
    'forbidden',
    'A ativação pede outra pessoa.',
    'The activation needs another person.',
  ),
  'material-change-undeclared': declare(
    'conflict',
    'Uma mudança material não está no aviso.',
    'A material change is not in the notice.',
    'LGPD art. 8, §6',
  ),
  'activation-under-way': declare(
    'unavailable',
    'Outra ativação está entrando em vigor.',
    'Another activation is taking effect.',
  ),
  'not-sequenced-yet': declare(
    'unavailable',
    'Ainda não tem lugar no livro de registros.',
    'It has no place in the ledger yet.',
  ),
  'guardrails-undeclared': declare(
    'unprocessable',
    'As políticas não têm proteções de conteúdo.',
    'The policies have no guardrails of content.',
  ),
  'limit-reached': declare(
    'unprocessable',
    'O titular já tem o máximo destes registros.',
    'The subject has the maximum of such entries already.',
  ),
  'report-too-large': declare(
    'unprocessable',
    'O relatório é grande demais.',
    'The report is too large.',
  ),
  'rate-limited': declare(
    'too-many',
    'Pedidos demais em pouco tempo.',
    'Too many requests in a short time.',
  ),
  'subject-contended': declare(
    'unavailable',
    'Muitas mudanças simultâneas para o mesmo titular.',
    'Too many simultaneous changes for one subject.',
  ),
  'clock-unreliable': declare(
    'unavailable',
    'O relógio do servidor voltou no tempo.',
    'The server clock went back in time.',
  ),
  overloaded: declare(
    'unavailable',
    'Há pedidos demais esperando.',
    'Too many requests are waiting.',
  ),
  'store-unavailable': declare(
    'unavailable',
    'O armazenamento não responde.',
    'The store does not answer.',
  ),
  'store-full': declare('full', 'O armazenamento está cheio.', 'The store is full.'),
  'internal-error': declare('internal', 'Erro interno.', 'Internal error.'),
};
